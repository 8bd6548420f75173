using System.Diagnostics;
using Im.Bench.Results;

namespace Im.Bench.Load;

/// <summary>One run: users and connections, warm-up, measured time, and the wait until everything accepted has arrived.</summary>
internal sealed class LoadRun : IAsyncDisposable
{
    /// <summary>A run has ended once nothing has come for so long: a hundred times what one message takes.</summary>
    private static readonly TimeSpan Quiet = TimeSpan.FromSeconds(0.5);

    private readonly BenchOptions _options;
    private readonly Func<TimeSpan>? _serverCpu;
    private readonly Tally _tally;
    private readonly ICrowd _crowd;

    /// <param name="serverCpu">What the servers have used of the processors so far; null where nobody can see them.</param>
    /// <param name="newCrowd">Of whom it consists; null for clients of our own protocol.</param>
    public LoadRun(BenchOptions options, Func<TimeSpan>? serverCpu = null, Func<BenchOptions, Tally, ICrowd>? newCrowd = null)
    {
        (_options, _serverCpu, _tally) = (options, serverCpu, new Tally(options.Senders > 0));
        _crowd = newCrowd?.Invoke(options, _tally) ?? new Crowd(options, _tally);
    }

    public async Task<Report> RunAsync(CancellationToken cancellationToken)
    {
        await _crowd.ConnectAsync(cancellationToken);
        await _crowd.AcquaintAsync(cancellationToken);
        using var sending = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var pacing = _options.Rate is { } rate ? Pace.RunAsync(_crowd.Senders, rate, sending.Token) : Task.CompletedTask;
        if (_options.Rate is null) foreach (var client in _crowd.Senders) client.Start();

        await Task.Delay(TimeSpan.FromSeconds(_options.Warmup), cancellationToken);
        var watch = Stopwatch.StartNew();
        var before = Look(watch);
        var from = watch.Elapsed;
        _tally.Measuring = true;
        await Task.Delay(TimeSpan.FromSeconds(_options.Seconds), cancellationToken);
        _tally.Measuring = false;
        var seconds = (watch.Elapsed - from).TotalSeconds;
        var after = Look(watch);
        // Looking takes its time on a busy machine, so the processors' time is that of somewhat more than the measured seconds: it is cut to them.
        var share = seconds / (after.At - before.At).TotalSeconds;

        foreach (var client in _crowd.Senders) client.StopSending();
        await sending.CancelAsync();
        await pacing;
        await DrainAsync(cancellationToken);
        return new Report(_options, new Figures(_tally, seconds, (after.Own - before.Own) * share, (after.Servers - before.Servers) * share));
    }

    public ValueTask DisposeAsync() => _crowd.DisposeAsync();

    /// <summary>What this process and the servers have used of the processors, and when that was.</summary>
    private (TimeSpan Own, TimeSpan? Servers, TimeSpan At) Look(Stopwatch watch)
    {
        var began = watch.Elapsed;
        var servers = _serverCpu?.Invoke();
        return (Environment.CpuUsage.TotalTime, servers, (began + watch.Elapsed) / 2);
    }

    private async Task DrainAsync(CancellationToken cancellationToken)
    {
        var watch = Stopwatch.StartNew();
        while (watch.Elapsed.TotalSeconds < _options.Drain)
        {
            var before = (_tally.Late, _tally.Delivered);
            await Task.Delay(Quiet, cancellationToken);
            // What was refused as unavailable may be accepted after all, and is then on its way; and anything sent twice would follow shortly.
            if (_tally.Unanswered == 0 && _tally.Lost == 0 && before == (_tally.Late, _tally.Delivered)) return;
        }
    }
}
