using Im.Hosting.Health;
using Im.Hosting.Routes;
using Im.Presence.Board;
using Im.Presence.Seen;

namespace Im.Presence;

/// <summary>
/// What presence does without being asked, every two seconds: takes away the routes of gateways that died, looks at users who were heard from, at
/// those whose change may not have been published and, in turn, at all who are here by their record, and writes last seen.
/// </summary>
public sealed partial class PresenceRounds(
    IRouteTable routes,
    IPresenceBoard board,
    PresenceRefresh refresh,
    BeatGate beats,
    LastSeenWriter lastSeen,
    Dependencies dependencies,
    TimeProvider time,
    ILogger<PresenceRounds> log) : BackgroundService
{
    /// <summary>Users heard from that are looked at in one round: 100,000 users a minute and some more.</summary>
    private const int BeatsPerRound = 5000;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(RouteLease.SweepEvery, time);
        do
        {
            await TryAsync(RoundAsync, stoppingToken);
            if (dependencies.IsUp(Dependency.Database)) await TryAsync(lastSeen.FlushAsync, stoppingToken);
        }
        while (await timer.WaitForNextTickAsync(stoppingToken));
    }

    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        await lastSeen.FlushAsync(cancellationToken);
    }

    internal async Task RoundAsync(CancellationToken cancel)
    {
        var swept = await routes.SweepAsync(cancel);
        if (swept.Count > 0) LogSwept(swept.Count);
        await LookAsync(swept, cancel);
        await LookAtHeardAsync(cancel);
        await LookAsync(await board.NextToCheckAsync(PresenceRefresh.BatchSize, cancel), cancel);
    }

    private async Task LookAtHeardAsync(CancellationToken cancel)
    {
        var heard = beats.Take(BeatsPerRound);
        var now = time.GetUtcNow().ToUnixTimeMilliseconds();
        foreach (var found in await LookAsync(heard, cancel))
        {
            // Who is invisible is not seen.
            if (found.After.Status != VisibleStatus.Offline) lastSeen.Note(found.UserId, now);
        }
    }

    private Task<IReadOnlyList<PresenceUpdate>> LookAsync(IReadOnlyList<long> users, CancellationToken cancel) =>
        refresh.LookAsync([.. users.Select(user => new Look(user))], cancel);

    /// <summary>A round that fails is made up for by the next one; it must not end the rounds.</summary>
    private async Task TryAsync(Func<CancellationToken, Task> work, CancellationToken cancel)
    {
        try
        {
            await work(cancel);
        }
        catch (RoutesUnavailableException)
        {
            // That Redis is away was said when it went.
        }
        catch (Exception fault) when (fault is not OperationCanceledException || !cancel.IsCancellationRequested)
        {
            LogRoundFailed(fault);
        }
    }

    [LoggerMessage(EventId = 1, Level = LogLevel.Information, Message = "took away the routes of {Users} users whose gateway is gone")]
    private partial void LogSwept(int users);

    [LoggerMessage(EventId = 2, Level = LogLevel.Warning, Message = "a round failed")]
    private partial void LogRoundFailed(Exception fault);
}
