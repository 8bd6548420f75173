using System.Diagnostics;
using Im.Bench.Results;

namespace Im.Bench.Load;

/// <summary>All connections of a run, on users that were made for it, and the ticker that acknowledges and pings for them.</summary>
internal sealed class Crowd(BenchOptions options, Tally tally) : ICrowd
{
    /// <summary>Between two acknowledgements of a connection.</summary>
    public static readonly TimeSpan TickEvery = TimeSpan.FromMilliseconds(50);

    /// <summary>200 who write to each other are 39,800. Of thousands it would be millions, and their first messages are then part of the load.</summary>
    private const int MostAcquaintances = 100_000;

    private static readonly TimeSpan AcquaintLimit = TimeSpan.FromMinutes(2);

    private readonly List<LoadClient> _clients = [];
    private readonly CancellationTokenSource _ending = new();
    private Task _ticking = Task.CompletedTask;

    private List<LoadClient> Writers => options.Senders == 0 ? _clients : _clients[..options.Senders];

    public IReadOnlyList<LoadClient> All => _clients;

    public Tally Tally => tally;

    public IReadOnlyList<ISender> Senders => Writers;

    /// <summary>They had what they missed, too.</summary>
    public TimeSpan Connecting { get; private set; }

    /// <summary>Connections that are made at once, and closed at once.</summary>
    public int Doors { get; init; } = 32;

    public async Task ConnectAsync(CancellationToken cancellationToken)
    {
        using var provisioning = new Provisioning(options);
        var users = await provisioning.CreateUsersAsync(cancellationToken);
        var sessions = await provisioning.OpenSessionsAsync(users, cancellationToken);
        var goals = options.Groups > 0
            ? await Goals.GroupsAsync(options, users, sessions, cancellationToken)
            : Goals.Pairs(options, users);
        await ConnectAsync(sessions, goals, cancellationToken);
    }

    /// <summary>Connects those who are there already.</summary>
    public async Task ConnectAsync(IReadOnlyList<BenchSession> sessions, Goal[][] goals, CancellationToken cancellationToken)
    {
        var run = Guid.CreateVersion7().ToString("N")[^12..];
        for (var i = 0; i < sessions.Count; i++) _clients.Add(new LoadClient($"{run}.{i}", goals[i], options, tally));
        // From now on: where there are many, the first ones have to say that they are there while the last ones come.
        _ticking = TickAsync();
        var began = Stopwatch.GetTimestamp();
        var parallel = new ParallelOptions { MaxDegreeOfParallelism = Doors, CancellationToken = cancellationToken };
        await Parallel.ForEachAsync(Enumerable.Range(0, sessions.Count), parallel, async (i, token) =>
            await _clients[i].ConnectAsync(Goals.GatewayOf(options, sessions[i], i), sessions[i].SessionId, token));
        Connecting = Stopwatch.GetElapsedTime(began);
    }

    public async Task AcquaintAsync(CancellationToken cancellationToken)
    {
        var writers = Writers;
        if (writers.Sum(client => client.Acquaintances) > MostAcquaintances) return;
        foreach (var client in writers) client.Acquaint();
        var began = Stopwatch.GetTimestamp();
        while (!(writers.TrueForAll(client => client.IsAcquainted) && tally.Unanswered == 0))
        {
            if (Stopwatch.GetElapsedTime(began) > AcquaintLimit) throw new TimeoutException($"after {AcquaintLimit.TotalSeconds} s not everybody has written to everybody");
            await Task.Delay(TickEvery, cancellationToken);
        }

        foreach (var client in writers) client.StopAcquainting();
    }

    public async ValueTask DisposeAsync()
    {
        await _ending.CancelAsync();
        await _ticking;
        await Parallel.ForEachAsync(_clients, new ParallelOptions { MaxDegreeOfParallelism = Doors }, async (client, _) => await client.DisposeAsync());
        _ending.Dispose();
    }

    private async Task TickAsync()
    {
        using var timer = new PeriodicTimer(TickEvery);
        try
        {
            for (var tick = 0; await timer.WaitForNextTickAsync(_ending.Token); tick++)
            {
                // Each in its turn, as phones do: not all at once.
                var turns = (int)(_clients[0].Heartbeat * 0.8 / TickEvery);
                foreach (var (place, client) in _clients.Index()) client.Tick(ping: (tick + place) % turns == 0);
            }
        }
        catch (OperationCanceledException)
        {
            // The run is over.
        }
    }
}
