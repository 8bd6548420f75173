using Im.Contracts;
using Im.Gateway.Log;
using Im.Protocol;

namespace Im.Gateway.Api;

/// <summary>A conversation as its member sees it.</summary>
public sealed record ConversationItem(
    string ConversationId,
    string Kind,
    string? Title,
    string? Owner,
    IEnumerable<string>? Members,
    long LastSeq,
    long DeliveredSeq,
    long ReadSeq,
    long Unread,
    PeerMarks? Peer,
    MessageItem LastMessage)
{
    internal static ConversationItem Of(ConversationLine line, long user, IReadOnlyList<long>? members) => new(
        line.Conversation.ToString(),
        line.Conversation.IsDirect ? "direct" : "group",
        line.Title,
        line.Owner is > 0 and var owner ? Ids.Text(owner) : null,
        members?.Select(Ids.Text),
        line.Last.Seq,
        line.Delivered,
        line.Read,
        line.Unread,
        line.Peer is { } peer ? new PeerMarks(Ids.Text(peer), line.PeerDelivered, line.PeerRead) : null,
        MessageItem.Of(line.Conversation, line.Last, user));
}

/// <summary>How far the other one of a pair has got; without seqs where one of them blocks the other.</summary>
public sealed record PeerMarks(string UserId, long? DeliveredSeq, long? ReadSeq);

/// <summary>A message of the log, with the fields of the frame <c>message</c>.</summary>
public sealed record MessageItem(string C, long Seq, string Mid, string From, string? Id, string Body, string Type, long Time)
{
    /// <param name="user">Who asks: only the sender is told his own id of the message.</param>
    internal static MessageItem Of(ConversationId conversation, LoggedMessage message, long user) => new(
        conversation.ToString(),
        message.Seq,
        conversation.MessageId(message.Seq),
        Ids.Text(message.Sender),
        message.Sender == user && message.Type != Limits.MemberType ? message.SenderId : null,
        message.Body,
        message.Type ?? Limits.DefaultType,
        message.Time);
}
