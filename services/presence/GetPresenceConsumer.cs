using System.Data.Common;
using Im.Contracts.Messages;
using Im.Hosting.Routes;
using Im.Presence.Board;
using Im.Presence.Seen;
using MassTransit;

namespace Im.Presence;

/// <summary>
/// Answers what others may see, by the routes of this moment. While Redis or the database is away it says <c>unavailable</c>: that nothing is known
/// of a user does not mean that he is offline.
/// </summary>
public sealed class GetPresenceConsumer(IPresenceBoard board, IRouteTable routes, LastSeenTable lastSeen, TimeProvider time) : IConsumer<GetPresence>
{
    private const int MostUsers = 1000;

    public async Task Consume(ConsumeContext<GetPresence> context)
    {
        var users = context.Message.UserIds;
        if (users.Count > MostUsers)
        {
            await context.RespondAsync(new Refused("invalid", "at most 1,000 users at once"));
            return;
        }

        try
        {
            await context.RespondAsync(new PresenceListed(await ListAsync(users, context.CancellationToken)));
        }
        catch (Exception fault) when (fault is RoutesUnavailableException or DbException or TimeoutException)
        {
            await context.RespondAsync(new Refused("unavailable", "the presence of users is not known now; try again", 1000));
        }
    }

    private async Task<PresenceState[]> ListAsync(IReadOnlyList<long> users, CancellationToken cancel)
    {
        var records = await board.ReadAsync(users, cancel);
        var where = await routes.LookUpAsync(users, cancel);
        var now = time.GetUtcNow().ToUnixTimeMilliseconds();
        for (var i = 0; i < records.Length; i++)
        {
            // Of whom nothing is known, nothing is known to have been: he is not seen going now.
            if (where[i].Count > 0 || records[i].Version > 0) records[i] = records[i].Look(where[i], [], now);
        }

        var seen = await lastSeen.ReadAsync([.. users.Where((_, i) => records[i].Status == VisibleStatus.Offline)], cancel);
        return [.. users.Select((user, i) => PresenceRefresh.StateOf(user, records[i], Later(records[i].LastSeen, seen.GetValueOrDefault(user))))];
    }

    private static long? Later(long? record, long table) => Math.Max(record ?? 0, table) is > 0 and var at ? at : null;
}
