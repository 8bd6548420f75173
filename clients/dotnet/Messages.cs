using System.Text;
using Im.Protocol;

namespace Im.Client;

/// <summary>A message as the application receives it, each exactly once and in order within its conversation.</summary>
/// <param name="Conversation">Where it stands.</param>
/// <param name="Seq">Its place in the conversation, from 1.</param>
/// <param name="MessageId">The server's id, the same for everybody.</param>
/// <param name="From">The sender's user id.</param>
/// <param name="Id">The sender's own id; set only for messages of this user (other devices).</param>
/// <param name="Type">A content type, <c>text/plain</c> for ordinary messages.</param>
/// <param name="Body">The bytes of the text, UTF-8.</param>
/// <param name="Time">When the server stored it.</param>
public sealed record ReceivedMessage(
    string Conversation, long Seq, string MessageId, string From, string? Id, ReadOnlyMemory<byte> Body, string Type, DateTimeOffset Time)
{
    /// <summary>The body as text.</summary>
    public string Text => Encoding.UTF8.GetString(Body.Span);

    internal static ReceivedMessage Of(ServerFrame.Message message) => new(
        message.Conversation, message.Seq, message.MessageId, message.From, message.Id, message.Body, message.Type,
        DateTimeOffset.FromUnixTimeMilliseconds(message.Time));
}

/// <summary>The place at which a sent message is stored.</summary>
/// <param name="Id">The client's own id.</param>
/// <param name="Conversation">Where it stands; for a message to a user the conversation of the two.</param>
/// <param name="Seq">Its place in the conversation, from 1.</param>
/// <param name="MessageId">The server's id, the same for everybody.</param>
/// <param name="Time">When the server stored it.</param>
public sealed record SentMessage(string Id, string Conversation, long Seq, string MessageId, DateTimeOffset Time);
