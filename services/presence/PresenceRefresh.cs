using Im.Contracts.Messages;
using Im.Hosting.Bus;
using Im.Hosting.Routes;
using Im.Presence.Board;
using Im.Presence.Seen;

namespace Im.Presence;

/// <param name="Choices">What the user chose on devices of his, if he did.</param>
/// <param name="Again">Publish also what is unchanged.</param>
public readonly record struct Look(long UserId, IReadOnlyList<StatusChoice>? Choices = null, bool Again = false);

/// <summary>
/// Looks at the routes of users and publishes what others see of them, if that is not what was published last. Nothing is decided from memory: any
/// number of instances may look at the same user at once, in any order, and the record ends at the newest look.
/// </summary>
/// <remarks>
/// A change is published at least once: it stands as unannounced from the write that decides it until the broker has the event, and the rounds take up
/// what an instance left behind. An event that another instance's newer one may have overtaken is followed by one more with the present state.
/// </remarks>
public sealed class PresenceRefresh(IPresenceBoard board, IRouteTable routes, LastSeenWriter lastSeen, BusCalls bus, TimeProvider time)
{
    /// <summary>Users per round trip, and per event.</summary>
    public const int BatchSize = 500;

    /// <summary>Returns what the looks found, one for each user.</summary>
    /// <exception cref="RoutesUnavailableException">Redis is away; users of batches already done are published.</exception>
    public async Task<IReadOnlyList<PresenceUpdate>> LookAsync(IReadOnlyList<Look> looks, CancellationToken cancel)
    {
        var found = new List<PresenceUpdate>(looks.Count);
        foreach (var batch in Merge(looks).Chunk(BatchSize))
        {
            var updates = await DecideAsync(batch, cancel);
            found.AddRange(updates);
            await AnnounceAsync(updates, cancel);
        }

        return found;
    }

    private async Task<List<PresenceUpdate>> DecideAsync(Look[] looks, CancellationToken cancel)
    {
        var decided = new List<PresenceUpdate>(looks.Length);
        while (looks.Length > 0)
        {
            // The record first, then the routes: whoever writes the record after this read has seen the routes later or makes this write fail.
            long[] users = [.. looks.Select(look => look.UserId)];
            var before = await board.ReadAsync(users, cancel);
            var where = await routes.LookUpAsync(users, cancel);
            var now = time.GetUtcNow().ToUnixTimeMilliseconds();
            var updates = new PresenceUpdate[users.Length];
            for (var i = 0; i < users.Length; i++)
                updates[i] = new(users[i], before[i], before[i].Look(where[i], looks[i].Choices ?? [], now, looks[i].Again));

            var written = await board.ReplaceAsync(updates, cancel);
            decided.AddRange(updates.Where((_, i) => written[i]));
            looks = [.. looks.Where((_, i) => !written[i])];
        }

        foreach (var gone in decided.Where(update => update.IsChange && update.After is { Status: VisibleStatus.Offline, LastSeen: not null }))
            lastSeen.Note(gone.UserId, gone.After.LastSeen!.Value);
        return decided;
    }

    private async Task AnnounceAsync(IReadOnlyList<PresenceUpdate> updates, CancellationToken cancel)
    {
        var open = updates.Where(update => !update.After.Announced).ToArray();
        while (open.Length > 0)
        {
            var states = Array.ConvertAll(open, update => StateOf(update.UserId, update.After, update.After.LastSeen));
            // Left unannounced, the rounds try again.
            if (!await bus.TryPublishAsync(new PresenceChanged(states), cancel)) return;
            var confirmed = await board.ReplaceAsync(
                Array.ConvertAll(open, update => new PresenceUpdate(update.UserId, update.After, update.After.AsAnnounced())), cancel);
            Look[] overtaken = [.. open.Where((_, i) => !confirmed[i]).Select(update => new Look(update.UserId, Again: true))];
            open = [.. await DecideAsync(overtaken, cancel)];
        }
    }

    /// <summary>What others may see of a user by his record.</summary>
    /// <param name="seen">When he went, by the record or by the table, whichever is later; left out while he is here.</param>
    public static PresenceState StateOf(long user, PresenceRecord record, long? seen) =>
        new(user, PresenceView.Text(record.Status), record.Status == VisibleStatus.Offline ? seen : null);

    /// <summary>One look per user, with all of his choices.</summary>
    private static IEnumerable<Look> Merge(IReadOnlyList<Look> looks) => looks
        .GroupBy(look => look.UserId)
        .Select(same => new Look(same.Key, [.. same.SelectMany(look => look.Choices ?? [])], same.Any(look => look.Again)));
}
