using System.Globalization;
using System.Text;
using Im.Contracts;
using Im.Contracts.Accounts;
using Im.Contracts.Lanes;
using Im.Gateway.Api.Docs;
using Im.Gateway.Log;
using Im.Hosting;
using Im.Hosting.Docs;
using Im.Hosting.Lanes;
using Im.Protocol;

namespace Im.Gateway.Api;

/// <summary>
/// /v1/conversations: the list, the history, groups. Changes of a group go through the shard of the conversation, so that they stand in one order with its
/// messages. A conversation of others and one that does not exist are the same: 404.
/// </summary>
public static class ConversationsApi
{
    private const int TitleLength = 100;

    /// <summary>The largest group that any setting allows; how many this one does is for the message service to say.</summary>
    private const int MaxMembersNamed = 10_000;

    public sealed record NewGroup(string Kind, string Title, IReadOnlyList<string> Members);

    public sealed record GroupPatch(string? Title = null);

    public sealed record ConversationPage(IEnumerable<ConversationItem> Items, string? Next);

    public sealed record ConversationMade(string ConversationId);

    public sealed record MessagePage(IEnumerable<MessageItem> Items);

    public static void MapConversations(this IEndpointRouteBuilder routes)
    {
        var known = routes.MapGroup("/v1/conversations").BehindSession();
        known.MapGet("", ListAsync).Describe(ConversationsDocs.List);
        known.MapPost("", CreateAsync).Describe(ConversationsDocs.Create);
        known.MapGet("/{conversationId}", ShowAsync).Describe(ConversationsDocs.Show);
        known.MapPatch("/{conversationId}", RenameAsync).Describe(ConversationsDocs.Rename);
        known.MapPut("/{conversationId}/members/{userId}", AddAsync).Describe(ConversationsDocs.AddMember);
        known.MapDelete("/{conversationId}/members/{userId}", RemoveAsync).Describe(ConversationsDocs.RemoveMember);
        known.MapGet("/{conversationId}/messages", HistoryAsync).Describe(ConversationsDocs.History);
    }

    private static async Task<IResult> ListAsync(HttpContext http, ConversationReader reader, CancellationToken cancel, int limit = 50, string? after = null)
    {
        if (limit is < 1 or > 200) return Invalid("limit: 1 to 200");
        if (!TryParsePlace(after, out var before)) return Invalid("after: take it from next");
        var user = SessionFilter.Of(http).UserId;
        var lines = await reader.ListAsync(user, limit, before, cancel);
        var next = lines.Count < limit ? null : $"{lines[^1].Last.Time.ToString(CultureInfo.InvariantCulture)}_{lines[^1].Conversation}";
        return Results.Json(new ConversationPage(
            lines.Select(line => ConversationItem.Of(line, user, line.Conversation.IsDirect ? PairOf(line.Conversation) : null)), next));
    }

    private static async Task<IResult> ShowAsync(string conversationId, HttpContext http, ConversationReader reader, CancellationToken cancel)
    {
        var user = SessionFilter.Of(http).UserId;
        if (!ConversationId.TryParse(conversationId, out var conversation) || await reader.FindAsync(user, conversation, cancel) is not { } line) return NotFound();
        return Results.Json(ConversationItem.Of(line, user, await reader.MembersAsync(conversation, cancel)));
    }

    private static async Task<IResult> CreateAsync(NewGroup group, HttpContext http, CommandClient commands, TimeProvider time, CancellationToken cancel)
    {
        if (group.Kind != "group") return Invalid("kind: group; a conversation of two begins with its first message");
        if (!IsTitle(group.Title)) return Invalid("title: 1 to 100 characters, no control characters, at most five marks on a letter");
        if (group.Members.Count > MaxMembersNamed) return Invalid("members: too many");
        var members = new List<long>();
        foreach (var text in group.Members)
        {
            if (!Ids.TryParse(text, out var member)) return Problems.Of(404, Codes.NotFound, "no such user");
            members.Add(member);
        }

        var result = await commands.CallAsync(
            CommandOf(SubmissionKind.CreateGroup, http, ConversationId.Group(Ids.Next(time)), members, group.Title), cancel);
        return result.Answer is { } done
            ? Results.Json(new ConversationMade(done.Conversation.ToString()), statusCode: 201)
            : Problems.Of(result.Refused!);
    }

    private static async Task<IResult> RenameAsync(string conversationId, GroupPatch patch, HttpContext http, CommandClient commands, CancellationToken cancel)
    {
        if (!ConversationId.TryParse(conversationId, out var conversation)) return NotFound();
        if (patch.Title is null || !IsTitle(patch.Title)) return Invalid("title: 1 to 100 characters, no control characters, at most five marks on a letter");
        var result = await commands.CallAsync(CommandOf(SubmissionKind.RenameGroup, http, conversation, null, patch.Title), cancel);
        return result.IsOk ? Results.NoContent() : Problems.Of(result.Refused!);
    }

    private static Task<IResult> AddAsync(string conversationId, string userId, HttpContext http, CommandClient commands, CancellationToken cancel) =>
        ChangeAsync(SubmissionKind.AddMembers, conversationId, userId, http, commands, cancel);

    private static Task<IResult> RemoveAsync(string conversationId, string userId, HttpContext http, CommandClient commands, CancellationToken cancel) =>
        ChangeAsync(SubmissionKind.RemoveMembers, conversationId, userId, http, commands, cancel);

    private static async Task<IResult> ChangeAsync(
        SubmissionKind kind, string conversationId, string userId, HttpContext http, CommandClient commands, CancellationToken cancel)
    {
        if (!ConversationId.TryParse(conversationId, out var conversation) || !Ids.TryParse(userId, out var member)) return NotFound();
        var result = await commands.CallAsync(CommandOf(kind, http, conversation, [member], ""), cancel);
        return result.IsOk ? Results.NoContent() : Problems.Of(result.Refused!);
    }

    private static async Task<IResult> HistoryAsync(
        string conversationId, HttpContext http, LogReader log, CancellationToken cancel, long? afterSeq = null, long? beforeSeq = null, int limit = 50)
    {
        if (limit is < 1 or > 200) return Invalid("limit: 1 to 200");
        if (afterSeq < 0 || beforeSeq < 0) return Invalid("afterSeq, beforeSeq: from 0 on");
        var user = SessionFilter.Of(http).UserId;
        if (!ConversationId.TryParse(conversationId, out var conversation)
            || await log.ReadAsync(user, conversation, afterSeq, beforeSeq, limit, cancel) is not { } page) return NotFound();
        return Results.Json(new MessagePage(page.Messages.Select(message => MessageItem.Of(conversation, message, user))));
    }

    private static Submission CommandOf(SubmissionKind kind, HttpContext http, ConversationId conversation, List<long>? members, string title) => new(
        kind,
        0,
        SessionFilter.Of(http).UserId,
        // Unlike a client's own ids it is drawn here: each call is a command of its own.
        $"im:{Guid.NewGuid():N}",
        conversation,
        false,
        Encoding.UTF8.GetBytes(title),
        null,
        members);

    private static long[] PairOf(ConversationId direct) => direct.High == direct.Low ? [direct.High] : [direct.High, direct.Low];

    private static bool TryParsePlace(string? after, out (long Time, ConversationId Conversation)? place)
    {
        place = null;
        if (after is null) return true;
        var cut = after.IndexOf('_', StringComparison.Ordinal);
        if (cut < 0 || !long.TryParse(after.AsSpan(0, cut), NumberStyles.None, CultureInfo.InvariantCulture, out var time)
            || !ConversationId.TryParse(after[(cut + 1)..], out var conversation)) return false;
        place = (time, conversation);
        return true;
    }

    private static bool IsTitle(string title) => title.Length is > 0 and <= TitleLength && !title.Any(char.IsControl) && !UnicodeText.HasHeapedMarks(title) && title.Trim().Length > 0;

    private static IResult Invalid(string detail) => Problems.Of(400, Codes.Invalid, detail);

    private static IResult NotFound() => Problems.Of(404, Codes.NotFound, "no such conversation");
}
