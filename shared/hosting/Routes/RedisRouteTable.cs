using System.Globalization;
using Im.Contracts;
using StackExchange.Redis;

namespace Im.Hosting.Routes;

/// <summary>Routes in Redis: one text per user, so that the routes of a whole batch of users are one MGET; changes run as scripts on the server.</summary>
public sealed class RedisRouteTable(RedisConnection redis) : IRouteTable
{
    /// <summary>Users per script: Redis serves nobody else meanwhile, a few milliseconds.</summary>
    private const int SweepBatch = 500;

    /// <summary>Scripts per sweep: 10,000 users every two seconds.</summary>
    private const int SweepBatches = 20;

    private static readonly string RegisterScript = RedisConnection.Script("register");
    private static readonly string RemoveScript = RedisConnection.Script("remove");
    private static readonly string RenewScript = RedisConnection.Script("renew");
    private static readonly string WatchScript = RedisConnection.Script("watch");
    private static readonly string SweepScript = RedisConnection.Script("sweep");

    public async Task<Registration> RegisterAsync(long user, Route route, CancellationToken cancel)
    {
        RedisKey[] keys = [RedisKeys.Routes(user), RedisKeys.UsersOf(route.Boot), RedisKeys.Boots, RedisKeys.Lease(route.Boot)];
        RedisValue[] values = [route.DeviceKey, route.Boot, route.Connection, route.Epoch, user, (long)RouteLease.Length.TotalMilliseconds];
        var answer = (string?)await redis.RunAsync(db => db.ScriptEvaluateAsync(RegisterScript, keys, values), cancel);
        if (answer == "!") return new Registration(false, null);
        return new Registration(true, Parse(answer) is [var replaced] ? replaced : null);
    }

    public Task RemoveAsync(long user, Route route, CancellationToken cancel)
    {
        RedisKey[] keys = [RedisKeys.Routes(user), RedisKeys.UsersOf(route.Boot)];
        RedisValue[] values = [route.DeviceKey, route.Boot, route.Connection, user];
        return redis.RunAsync(db => db.ScriptEvaluateAsync(RemoveScript, keys, values), cancel);
    }

    public async Task<IReadOnlyList<Route>[]> LookUpAsync(IReadOnlyList<long> users, CancellationToken cancel)
    {
        if (users.Count == 0) return [];
        var keys = new RedisKey[users.Count];
        for (var i = 0; i < keys.Length; i++) keys[i] = RedisKeys.Routes(users[i]);
        var texts = await redis.RunAsync(db => db.StringGetAsync(keys), cancel);
        return Array.ConvertAll(texts, text => Parse(text));
    }

    public async Task<bool> RenewLeaseAsync(string boot, CancellationToken cancel)
    {
        RedisKey[] keys = [RedisKeys.Lease(boot), RedisKeys.Boots];
        RedisValue[] values = [boot, (long)RouteLease.Length.TotalMilliseconds];
        return (bool)await redis.RunAsync(db => db.ScriptEvaluateAsync(RenewScript, keys, values), cancel);
    }

    public async Task<IReadOnlyList<long>> SweepAsync(CancellationToken cancel)
    {
        RedisKey[] keys = [RedisKeys.Marker, RedisKeys.Boots];
        RedisValue[] values = [(long)RouteLease.LongestBreak.TotalMilliseconds, (long)RouteLease.Length.TotalMilliseconds, RedisKeys.Lease("")];
        var dead = (string[])(await redis.RunAsync(db => db.ScriptEvaluateAsync(WatchScript, keys, values), cancel))!;
        var swept = new List<long>();
        foreach (var boot in dead) await SweepAsync(boot, swept, cancel);
        return swept;
    }

    private async Task SweepAsync(string boot, List<long> swept, CancellationToken cancel)
    {
        RedisKey[] keys = [RedisKeys.UsersOf(boot), RedisKeys.Boots];
        RedisValue[] values = [boot, SweepBatch, RedisKeys.RoutesPrefix, RedisKeys.Lease(boot)];
        while (swept.Count < SweepBatch * SweepBatches)
        {
            var users = (long[])(await redis.RunAsync(db => db.ScriptEvaluateAsync(SweepScript, keys, values), cancel))!;
            if (users.Length == 0) return;
            swept.AddRange(users);
        }
    }

    private static Route[] Parse(string? text)
    {
        if (string.IsNullOrEmpty(text)) return [];
        var entries = text.Split(';', StringSplitOptions.RemoveEmptyEntries);
        var routes = new Route[entries.Length];
        for (var i = 0; i < entries.Length; i++)
        {
            var parts = entries[i].Split(':');
            routes[i] = new Route(Number(parts[0]), parts[1], Number(parts[2]), Number(parts[3]));
        }

        return routes;
    }

    private static long Number(string text) => long.Parse(text, CultureInfo.InvariantCulture);
}
