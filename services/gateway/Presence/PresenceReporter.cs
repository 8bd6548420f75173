using System.Collections.Concurrent;
using Im.Contracts.Messages;
using Im.Hosting;
using Im.Hosting.Bus;

namespace Im.Gateway.Presence;

/// <summary>
/// What this gateway sees of its users, many in one report: changes of routes and chosen statuses soon, beats every ten seconds. A path of its own, so that
/// presence never holds up a message.
/// </summary>
public sealed class PresenceReporter(BusCalls bus, NodeIdentity self, TimeProvider time) : BackgroundService
{
    /// <summary>Users with something to report at most; beyond it the next beat or change tells.</summary>
    private const int MaxWaiting = 100_000;

    private const int BatchReports = 1_000;
    private static readonly TimeSpan Tick = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan BeatEvery = TimeSpan.FromSeconds(10);
    private readonly ConcurrentDictionary<long, byte> _beats = new();
    private readonly ConcurrentDictionary<(long User, PresenceSignal Signal, long Device), PresenceReport> _soon = new();

    public int Waiting => _soon.Count;

    public void Beat(long user)
    {
        // Bounded by the users who are connected here; the check saves the write where it says nothing new.
        if (!_beats.ContainsKey(user)) _beats[user] = 0;
    }

    public void RoutesChanged(long user) => Soon(new PresenceReport(user, PresenceSignal.RoutesChanged));

    public void StatusChosen(long user, long device, string status) => Soon(new PresenceReport(user, PresenceSignal.StatusChosen, status, device));

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Tick, time);
        var beaten = time.GetTimestamp();
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            if (time.GetElapsedTime(beaten) >= BeatEvery)
            {
                beaten = time.GetTimestamp();
                foreach (var user in _beats.Keys)
                    if (_beats.TryRemove(user, out _)) Soon(new PresenceReport(user, PresenceSignal.Beat));
            }

            await ReportAsync(stoppingToken);
        }
    }

    private void Soon(PresenceReport report)
    {
        if (_soon.Count < MaxWaiting) _soon[KeyOf(report)] = report;
    }

    private async Task ReportAsync(CancellationToken cancel)
    {
        foreach (var keys in _soon.Keys.Chunk(BatchReports))
        {
            var batch = new List<PresenceReport>(keys.Length);
            foreach (var key in keys)
                if (_soon.TryRemove(key, out var report)) batch.Add(report);
            if (batch.Count == 0 || await bus.TryPublishAsync(new ReportPresence(self.Boot, batch), cancel)) continue;
            foreach (var report in batch) _soon.TryAdd(KeyOf(report), report);
            return;
        }
    }

    private static (long User, PresenceSignal Signal, long Device) KeyOf(PresenceReport report) => (report.UserId, report.Signal, report.DeviceKey);
}
