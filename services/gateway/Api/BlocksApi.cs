using Im.Contracts;
using Im.Contracts.Lanes;
using Im.Contracts.Messages;
using Im.Gateway.Api.Docs;
using Im.Gateway.Log;
using Im.Hosting;
using Im.Hosting.Bus;
using Im.Hosting.Docs;
using Im.Hosting.Lanes;
using Im.Protocol;

namespace Im.Gateway.Api;

/// <summary>
/// /v1/blocks. A block goes through the shard of the conversation of the two, so that it stands in one order with its messages: when the call has answered, no
/// later send is accepted.
/// </summary>
public static class BlocksApi
{
    public sealed record BlockItem(string UserId, string Username, string DisplayName, long Since);

    public sealed record BlockList(IEnumerable<BlockItem> Items);

    public static void MapBlocks(this IEndpointRouteBuilder routes)
    {
        var known = routes.MapGroup("/v1/blocks").BehindSession();
        known.MapGet("", ListAsync).Describe(BlocksDocs.List);
        known.MapPut("/{userId}", (string userId, HttpContext http, CommandClient commands, BusCalls bus, CancellationToken cancel) =>
            ChangeAsync(SubmissionKind.BlockUser, userId, http, commands, bus, cancel)).Describe(BlocksDocs.Block);
        known.MapDelete("/{userId}", (string userId, HttpContext http, CommandClient commands, BusCalls bus, CancellationToken cancel) =>
            ChangeAsync(SubmissionKind.UnblockUser, userId, http, commands, bus, cancel)).Describe(BlocksDocs.Unblock);
    }

    private static async Task<IResult> ListAsync(HttpContext http, BlockReader blocks, CancellationToken cancel)
    {
        var blocked = await blocks.ListAsync(SessionFilter.Of(http).UserId, cancel);
        return Results.Json(new BlockList(blocked.Select(one => new BlockItem(Ids.Text(one.UserId), one.Username, one.DisplayName, one.Since))));
    }

    private static async Task<IResult> ChangeAsync(
        SubmissionKind kind, string userId, HttpContext http, CommandClient commands, BusCalls bus, CancellationToken cancel)
    {
        var user = SessionFilter.Of(http).UserId;
        if (!Ids.TryParse(userId, out var other)) return Problems.Of(404, Codes.NotFound, "no such user");
        var command = new Submission(kind, 0, user, $"im:{Guid.NewGuid():N}", ConversationId.Direct(user, other), false, default);
        var result = await commands.CallAsync(command, cancel);
        if (result.Refused is { } refused) return Problems.Of(refused with { Detail = DetailOf(refused, isOneself: user == other) });
        // Whoever asked may be gone by now; what others see of each other changes all the same. If nobody hears it, a repeat of this call tells again.
        await bus.TryPublishAsync(new BlockChanged(user, other, kind == SubmissionKind.BlockUser), CancellationToken.None);
        return Results.NoContent();
    }

    private static string DetailOf(Refused refused, bool isOneself) => refused.Code switch
    {
        Codes.NotFound => "no such user",
        Codes.Forbidden => "the system cannot be blocked",
        Codes.Invalid => isOneself ? "nobody blocks himself" : "at most 10,000 users can be blocked",
        _ => refused.Detail,
    };
}
