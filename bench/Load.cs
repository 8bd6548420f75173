using System.Diagnostics;

namespace Im.Bench;

/// <summary>One run: users and connections, warm-up, measured time, and the wait until everything accepted has arrived.</summary>
internal sealed class Load(BenchOptions options) : IAsyncDisposable
{
    private static readonly TimeSpan TickEvery = TimeSpan.FromMilliseconds(50);

    private static readonly TimeSpan TimerSlack = TimeSpan.FromMilliseconds(4);

    private readonly List<LoadClient> _clients = [];
    private readonly Tally _tally = new();
    private readonly CancellationTokenSource _ending = new();
    private Task _ticking = Task.CompletedTask;

    public async Task<Report> RunAsync(CancellationToken cancellationToken)
    {
        await ConnectAllAsync(cancellationToken);
        _ticking = TickAsync();
        using var sending = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var pacing = options.Rate is { } rate ? PaceAsync(rate, sending.Token) : Task.CompletedTask;
        if (options.Rate is null) foreach (var client in _clients) client.Start();

        await Task.Delay(TimeSpan.FromSeconds(options.Warmup), cancellationToken);
        var cpu = Environment.CpuUsage.TotalTime;
        var watch = Stopwatch.StartNew();
        _tally.Measuring = true;
        await Task.Delay(TimeSpan.FromSeconds(options.Seconds), cancellationToken);
        _tally.Measuring = false;
        var seconds = watch.Elapsed.TotalSeconds;
        cpu = Environment.CpuUsage.TotalTime - cpu;

        foreach (var client in _clients) client.StopSending();
        await sending.CancelAsync();
        await pacing;
        await DrainAsync(cancellationToken);
        return new Report(options, _tally, seconds, cpu.TotalSeconds);
    }

    public async ValueTask DisposeAsync()
    {
        await _ending.CancelAsync();
        await _ticking;
        await Parallel.ForEachAsync(_clients, async (client, _) => await client.DisposeAsync());
        _ending.Dispose();
    }

    private async Task ConnectAllAsync(CancellationToken cancellationToken)
    {
        var run = Guid.CreateVersion7().ToString("N")[^12..];
        using var provisioning = new Provisioning(options);
        var users = await provisioning.CreateUsersAsync(run, cancellationToken);
        var sessions = await provisioning.OpenSessionsAsync(users, cancellationToken);
        var goals = options.Groups > 0
            ? await Goals.GroupsAsync(options, users, sessions, cancellationToken)
            : Goals.Pairs(options, users);
        for (var i = 0; i < sessions.Count; i++) _clients.Add(new LoadClient($"{run}.{i}", goals[i], options, _tally));
        var parallel = new ParallelOptions { MaxDegreeOfParallelism = 32, CancellationToken = cancellationToken };
        await Parallel.ForEachAsync(Enumerable.Range(0, sessions.Count), parallel, async (i, token) =>
            await _clients[i].ConnectAsync(Goals.GatewayOf(options, sessions[i], i), sessions[i].SessionId, token));
    }

    private async Task TickAsync()
    {
        using var timer = new PeriodicTimer(TickEvery);
        var heartbeat = _clients.Min(client => client.Heartbeat);
        var lastPing = Stopwatch.GetTimestamp();
        try
        {
            while (await timer.WaitForNextTickAsync(_ending.Token))
            {
                var ping = Stopwatch.GetElapsedTime(lastPing) > heartbeat * 0.8;
                if (ping) lastPing = Stopwatch.GetTimestamp();
                foreach (var client in _clients) client.Tick(ping);
            }
        }
        catch (OperationCanceledException)
        {
            // The run is over.
        }
    }

    /// <summary>
    /// Open loop: message k is due at start + k / rate, whatever became of those before, and its latency counts from then. Only what the timer
    /// of this process itself is late by is left out.
    /// </summary>
    private async Task PaceAsync(int rate, CancellationToken cancellationToken)
    {
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(1));
        var start = Stopwatch.GetTimestamp();
        long next = 0;
        try
        {
            while (await timer.WaitForNextTickAsync(cancellationToken))
            {
                var due = (long)(Stopwatch.GetElapsedTime(start).TotalSeconds * rate);
                var refused = 0;
                while (next < due && refused < _clients.Count)
                {
                    var at = start + (long)((double)next / rate * Stopwatch.Frequency);
                    if (Stopwatch.GetElapsedTime(at) < TimerSlack) at = Stopwatch.GetTimestamp();
                    if (_clients[(int)((next + refused) % _clients.Count)].TrySend(at)) next++;
                    else refused++;
                }
            }
        }
        catch (OperationCanceledException)
        {
            // The measured time is over.
        }
    }

    private async Task DrainAsync(CancellationToken cancellationToken)
    {
        var watch = Stopwatch.StartNew();
        while (watch.Elapsed.TotalSeconds < options.Drain && (_tally.Unanswered > 0 || _tally.Lost > 0))
            await Task.Delay(TickEvery, cancellationToken);
        // Anything sent twice would follow shortly.
        await Task.Delay(TickEvery * 4, cancellationToken);
    }
}
