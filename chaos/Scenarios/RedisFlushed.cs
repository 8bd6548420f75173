using Im.Local;

namespace Im.Chaos.Scenarios;

/// <summary>Redis loses all that it holds and lives on: routes, leases, presence. Sessions are in the database, so nobody is logged out.</summary>
public sealed class RedisFlushed : IScenario
{
    private const int Times = 3;

    /// <summary>Of the users who had a route before: some have left by themselves meanwhile.</summary>
    private const double BackShare = 0.9;

    /// <summary>The promise's figure.</summary>
    private static readonly TimeSpan BackLimit = TimeSpan.FromSeconds(10);

    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(250);

    public string Name => "redis-flushed";

    public string About => "Redis emptied three times; routes are back within 10 s and nobody is logged out";

    public TimeSpan Length => TimeSpan.FromSeconds(50);

    public async Task RunAsync(Stage stage, CancellationToken cancel)
    {
        var redis = stage.System.Cluster.Redis;
        var from = stage.Journal.Now;
        for (var time = 0; time < Times; time++)
        {
            var before = await RedisConsole.CountRoutesAsync(redis, cancel);
            await stage.BreakAsync(
                "redis emptied", accepting: true, () => RedisConsole.FlushAsync(redis, cancel), () => BackAsync(stage, redis, before, cancel), () => Task.CompletedTask);
            await stage.PauseAsync(stage.Seconds(10, 15), cancel);
        }

        foreach (var line in LoggedOut.Among(stage.Journal.Devices, from)) stage.Found(line);
    }

    private static async Task BackAsync(Stage stage, PrivateRedis redis, int before, CancellationToken cancel)
    {
        var began = stage.Time.GetTimestamp();
        int now;
        while ((now = await RedisConsole.CountRoutesAsync(redis, cancel)) < before * BackShare)
        {
            if (stage.Time.GetElapsedTime(began) > BackLimit)
            {
                stage.Found($"{BackLimit.TotalSeconds:0} s after Redis was emptied {now} users have a route, before it was {before}");
                return;
            }

            await Task.Delay(Look, stage.Time, cancel);
        }
    }
}
