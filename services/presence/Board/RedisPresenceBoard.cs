using System.Globalization;
using Im.Contracts;
using Im.Hosting.Routes;
using StackExchange.Redis;

namespace Im.Presence.Board;

/// <summary>The board in Redis. Nothing of it is lost with a process, and all of it is rebuilt by the gateways' reports when Redis was emptied.</summary>
public sealed class RedisPresenceBoard(RedisConnection redis) : IPresenceBoard
{
    private static readonly string ReplaceScript = RedisConnection.Script("replace", typeof(RedisPresenceBoard).Assembly);

    // Where this instance stands in its walk over those who are here; every instance walks, so a lost one only starts over.
    private string _cursor = "0";

    public async Task<PresenceRecord[]> ReadAsync(IReadOnlyList<long> users, CancellationToken cancel)
    {
        if (users.Count == 0) return [];
        var keys = new RedisKey[users.Count];
        for (var i = 0; i < keys.Length; i++) keys[i] = RedisKeys.Presence(users[i]);
        var texts = await redis.RunAsync(db => db.StringGetAsync(keys), cancel);
        return Array.ConvertAll(texts, text => PresenceRecord.Parse(text));
    }

    public async Task<bool[]> ReplaceAsync(IReadOnlyList<PresenceUpdate> updates, CancellationToken cancel)
    {
        if (updates.Count == 0) return [];
        var keys = new List<RedisKey>(updates.Count + 2) { RedisKeys.Here, RedisKeys.Unannounced };
        var values = new List<RedisValue>((updates.Count * 5) + 1) { (long)PresenceBoard.OfflineMemory.TotalMilliseconds };
        foreach (var (user, before, after) in updates)
        {
            keys.Add(RedisKeys.Presence(user));
            values.Add(user);
            values.Add(before.Version == 0 ? "" : before.Text());
            values.Add(after.Text());
            values.Add(after.IsHere ? 1 : 0);
            values.Add(after.Announced ? 1 : 0);
        }

        var answer = await redis.RunAsync(db => db.ScriptEvaluateAsync(ReplaceScript, [.. keys], [.. values]), cancel);
        return Array.ConvertAll((long[])answer!, one => one == 1);
    }

    public async Task<IReadOnlyList<long>> NextToCheckAsync(int limit, CancellationToken cancel)
    {
        var unannounced = await redis.RunAsync(db => db.SetRandomMembersAsync(RedisKeys.Unannounced, limit), cancel);
        var page = (RedisResult[])(await redis.RunAsync(db => db.ExecuteAsync("SSCAN", RedisKeys.Here, _cursor, "COUNT", limit), cancel))!;
        _cursor = (string)page[0]!;
        var next = unannounced.Select(user => (long)user).ToHashSet();
        foreach (var user in (string[])page[1]!) next.Add(long.Parse(user, CultureInfo.InvariantCulture));
        return [.. next];
    }
}
