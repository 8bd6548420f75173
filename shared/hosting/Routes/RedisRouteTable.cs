using System.Globalization;
using Im.Contracts;
using StackExchange.Redis;

namespace Im.Hosting.Routes;

/// <summary>Routes in Redis: one text per user, so that the routes of a whole batch of users are one MGET; changes run as scripts on the server.</summary>
public sealed class RedisRouteTable(RedisConnection redis) : IRouteTable
{
    private const int SweepBatch = 1000;
    private static readonly string RegisterScript = RedisConnection.Script("register");
    private static readonly string RemoveScript = RedisConnection.Script("remove");

    public async Task<Registration> RegisterAsync(long user, Route route, CancellationToken cancel)
    {
        RedisKey[] keys = [RedisKeys.Routes(user), RedisKeys.UsersOf(route.Boot), RedisKeys.Boots];
        RedisValue[] values = [route.DeviceKey, route.Boot, route.Connection, route.Epoch, user];
        var answer = (string?)await redis.RunAsync(db => db.ScriptEvaluateAsync(RegisterScript, keys, values), cancel);
        if (answer == "!") return new Registration(false, null);
        return new Registration(true, Parse(answer) is [var replaced] ? replaced : null);
    }

    public Task RemoveAsync(long user, Route route, CancellationToken cancel) =>
        RemoveAsync(user, Ids.Text(route.DeviceKey), route.Boot, route.Connection.ToString(CultureInfo.InvariantCulture), cancel);

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
        await redis.RunAsync(db => db.StringSetAsync(RedisKeys.Marker, 1, when: When.NotExists), cancel);
        await redis.RunAsync(db => db.SetAddAsync(RedisKeys.Boots, boot), cancel);
        var before = await redis.RunAsync(db => db.StringGetSetAsync(RedisKeys.Lease(boot), 1), cancel);
        await redis.RunAsync(db => db.KeyExpireAsync(RedisKeys.Lease(boot), RouteLease.Length), cancel);
        return !before.IsNull;
    }

    public async Task<IReadOnlyList<long>> SweepAsync(CancellationToken cancel)
    {
        var swept = new List<long>();
        foreach (var boot in await redis.RunAsync(db => db.SetMembersAsync(RedisKeys.Boots), cancel))
        {
            if (await redis.RunAsync(db => db.KeyExistsAsync(RedisKeys.Lease(boot!)), cancel)) continue;
            if (await SweepAsync(boot!, swept, cancel)) await redis.RunAsync(db => db.SetRemoveAsync(RedisKeys.Boots, boot), cancel);
        }

        return swept;
    }

    /// <summary>True when nothing of this boot is left.</summary>
    private async Task<bool> SweepAsync(string boot, List<long> swept, CancellationToken cancel)
    {
        var users = await redis.RunAsync(db => db.SetMembersAsync(RedisKeys.UsersOf(boot)), cancel);
        foreach (var user in users.Take(SweepBatch))
        {
            // The set loses the user only after his routes went: a sweep that breaks off is done again.
            if (await RemoveAsync((long)user, "*", boot, "*", cancel) > 0) swept.Add((long)user);
            await redis.RunAsync(db => db.SetRemoveAsync(RedisKeys.UsersOf(boot), user), cancel);
        }

        return users.Length <= SweepBatch;
    }

    private async Task<long> RemoveAsync(long user, string device, string boot, string connection, CancellationToken cancel)
    {
        RedisKey[] keys = [RedisKeys.Routes(user)];
        RedisValue[] values = [device, boot, connection];
        return (long)await redis.RunAsync(db => db.ScriptEvaluateAsync(RemoveScript, keys, values), cancel);
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
