using System.Diagnostics;
using Im.Bench.Results;

namespace Im.Bench.Load;

/// <summary>Messages for users who are away; then all of them come at once, while others go on talking.</summary>
/// <param name="serverCpu">What the servers have used of the processors so far.</param>
internal sealed class OfflineRun(BenchOptions options, Func<TimeSpan> serverCpu)
{
    public const int Messages = 1_000_000, Away = 1_000;

    private const int LiveRate = 1_000;

    private static readonly TimeSpan LookEvery = TimeSpan.FromMilliseconds(20), Quiet = TimeSpan.FromSeconds(0.5);

    private readonly BenchOptions _away = options with { Connections = Away, Users = Away };
    private readonly Tally _stored = new(followsEach: false), _replayed = new(followsEach: false);

    public async Task<Figures> RunAsync(CancellationToken cancel)
    {
        using var provisioning = new Provisioning(_away);
        var users = await provisioning.CreateUsersAsync(cancel);
        var sessions = await provisioning.OpenSessionsAsync(users, cancel);
        var cpu = Look();
        var storing = await StoreAsync(users, cancel);
        var storingCpu = SinceEach(cpu, Stored);

        await using var live = new Crowd(options, new Tally(followsEach: false));
        await live.ConnectAsync(cancel);
        await live.AcquaintAsync(cancel);
        using var silence = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        var talking = Pace.RunAsync(live.All, LiveRate, silence.Token);
        await Task.Delay(TimeSpan.FromSeconds(options.Warmup), cancel);
        var before = await live.Tally.WhileAsync(() => Task.Delay(TimeSpan.FromSeconds(options.Seconds), cancel));
        var replaying = TimeSpan.Zero;
        await using var back = new Crowd(_away, _replayed) { Doors = Away };
        cpu = Look();
        var meanwhile = await live.Tally.WhileAsync(async () => replaying = await ReplayAsync(back, sessions, cancel));
        var replayingCpu = SinceEach(cpu, _replayed.Delivered);
        // What came twice would follow shortly.
        await Task.Delay(Quiet, cancel);
        await silence.CancelAsync();
        await talking;
        await UntilAsync(() => live.Tally.Unanswered == 0 && live.Tally.Lost == 0, cancel);

        return new Figures
        {
            Seconds = (storing + replaying).TotalSeconds,
            Sent = _stored.Sent + live.Tally.Sent,
            Accepted = _stored.Accepted + live.Tally.Accepted,
            Delivered = _replayed.Delivered + live.Tally.Delivered,
            Unanswered = _stored.Unanswered + live.Tally.Unanswered,
            Late = _stored.Late + live.Tally.Late,
            Repeated = _stored.Repeated + live.Tally.Repeated,
            Lost = Math.Max(0, Stored - _replayed.Delivered) + live.Tally.Lost,
            Doubled = _stored.Doubled + _replayed.Doubled + live.Tally.Doubled,
            OutOfOrder = _stored.Disordered + _replayed.Disordered + live.Tally.Disordered,
            LeftOut = _stored.Gaps + _replayed.Gaps + live.Tally.Gaps,
            Rejected = _stored.Rejected.Concat(live.Tally.Rejected).GroupBy(one => one.Key).ToDictionary(code => code.Key, code => code.Sum(one => one.Value)),
            Broken = [.. _stored.Broken, .. _replayed.Broken, .. live.Tally.Broken],
            Offline = new OfflineFigures(_stored.Accepted / storing.TotalSeconds, _replayed.Delivered / replaying.TotalSeconds, before, meanwhile, storingCpu, replayingCpu),
        };
    }

    /// <summary>In a closed loop, until as many are accepted as are wanted.</summary>
    private async Task<TimeSpan> StoreAsync(List<BenchUser> users, CancellationToken cancel)
    {
        await using var senders = new Crowd(options, _stored);
        using var provisioning = new Provisioning(options);
        await senders.ConnectAsync(await provisioning.OpenSessionsAsync(await provisioning.CreateUsersAsync(cancel), cancel), Goals.Away(options, users), cancel);
        var began = Stopwatch.GetTimestamp();
        foreach (var client in senders.All) client.Start();
        await UntilAsync(() => _stored.Accepted >= Messages, cancel, () => _stored.Accepted);
        foreach (var client in senders.All) client.StopSending();
        var took = Stopwatch.GetElapsedTime(began);
        await UntilAsync(() => _stored.Unanswered == 0, cancel);
        await Task.Delay(Quiet, cancel);
        return took;
    }

    private async Task<TimeSpan> ReplayAsync(Crowd back, List<BenchSession> sessions, CancellationToken cancel)
    {
        var began = Stopwatch.GetTimestamp();
        await back.ConnectAsync(sessions, [.. Enumerable.Repeat<Goal[]>([], Away)], cancel);
        await UntilAsync(() => _replayed.Delivered >= Stored, cancel, () => _replayed.Delivered);
        return Stopwatch.GetElapsedTime(began);
    }

    private (TimeSpan Servers, TimeSpan Own) Look() => (serverCpu(), Environment.CpuUsage.TotalTime);

    private Microseconds SinceEach((TimeSpan Servers, TimeSpan Own) before, long messages)
    {
        var now = Look();
        var each = Math.Max(1, messages);
        return new Microseconds((now.Servers - before.Servers).TotalMicroseconds / each, (now.Own - before.Own).TotalMicroseconds / each);
    }

    /// <summary>Refused as unavailable and stored after all counts too.</summary>
    private long Stored => _stored.Accepted + _stored.Late;

    /// <summary>Or until nothing has gone on for so long that what is missing counts as lost.</summary>
    /// <param name="progress">What grows while it goes on; null where there is nothing to see.</param>
    private async Task UntilAsync(Func<bool> isSo, CancellationToken cancel, Func<long>? progress = null)
    {
        var (since, seen) = (Stopwatch.GetTimestamp(), progress?.Invoke());
        while (!isSo() && Stopwatch.GetElapsedTime(since).TotalSeconds < options.Drain)
        {
            await Task.Delay(LookEvery, cancel);
            if (progress?.Invoke() is { } now && now != seen) (since, seen) = (Stopwatch.GetTimestamp(), now);
        }
    }
}
