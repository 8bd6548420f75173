using System.Text;
using Im.Admin.Api.Docs;
using Im.Contracts;
using Im.Contracts.Lanes;
using Im.Hosting;
using Im.Hosting.Docs;
using Im.Hosting.Lanes;
using Im.Protocol;

namespace Im.Admin.Api;

/// <summary>Messages sent by a product's server, as one of its users or as the system. They take the same way as everybody's.</summary>
internal static class MessagesApi
{
    public sealed record MessageTarget(string? User = null, string? Conversation = null);

    public sealed record NewMessage(MessageTarget To, string Body, string Id, string? From = null);

    public sealed record MessageSent(string ConversationId, long Seq, string MessageId);

    public static void MapMessages(this IEndpointRouteBuilder api) => api.MapPost("/messages", SendAsync).Describe(MessagesDocs.Send);

    private static async Task<IResult> SendAsync(NewMessage message, CommandClient commands, DirectoryReader directory, CancellationToken cancel)
    {
        if (!Limits.IsClientMessageId(message.Id)) return Answers.Invalid("id: 1 to 64 of A-Z a-z 0-9 _ - . :, unique per sender");
        if (message.To.User is null == message.To.Conversation is null) return Answers.Invalid("to has either user or conversation");
        if (FaultOf(message.Body) is { } fault) return fault;
        var sender = Ids.SystemUser;
        if (message.From is not null && (!Ids.TryParse(message.From, out sender) || !await directory.HasUserAsync(sender, cancel))) return Answers.NoUser();

        ConversationId conversation;
        if (message.To.User is not null)
        {
            if (!Ids.TryParse(message.To.User, out var user)) return Answers.NoUser();
            conversation = ConversationId.Direct(sender, user);
        }
        else if (!ConversationId.TryParse(message.To.Conversation, out conversation))
        {
            return Problems.Of(StatusCodes.Status404NotFound, Codes.NotFound, "no such conversation");
        }

        var submission = new Submission(
            SubmissionKind.Send, 0, sender, message.Id, conversation, message.To.User is not null, Encoding.UTF8.GetBytes(message.Body));
        return (await commands.CallAsync(submission, cancel)).ToResult(done => Results.Ok(
            new MessageSent(done.Conversation.ToString(), done.Seq, done.Conversation.MessageId(done.Seq))));
    }

    /// <summary>The same rules as for a client's body.</summary>
    private static IResult? FaultOf(string body)
    {
        if (Encoding.UTF8.GetByteCount(body) > Limits.BodyBytes)
            return Problems.Of(StatusCodes.Status413PayloadTooLarge, Codes.TooBig, "body: at most 16 KiB of UTF-8");
        return !body.Contains('\0', StringComparison.Ordinal) && IsUtf16(body)
            ? null
            : Problems.Of(StatusCodes.Status400BadRequest, Codes.BadText, "body: no U+0000, no lone surrogates");
    }

    private static bool IsUtf16(string text)
    {
        for (var i = 0; i < text.Length; i++)
        {
            if (!char.IsSurrogate(text[i])) continue;
            if (i + 1 == text.Length || !char.IsSurrogatePair(text[i], text[i + 1])) return false;
            i++;
        }

        return true;
    }
}
