using System.Diagnostics;
using System.Net;
using System.Text;
using Im.Bench.Load;
using Im.Bench.Results;

namespace Im.Bench.Xmpp;

/// <summary>All connections of a run to an XMPP server, each a user of its own that was made for it.</summary>
internal sealed class XmppCrowd(BenchOptions options, Tally tally, IPEndPoint server) : ICrowd
{
    /// <summary>For all of them together, on a machine that is busy with other things.</summary>
    private static readonly TimeSpan LoginLimit = TimeSpan.FromMinutes(5);

    /// <summary>Logins under way at once. Who has connected and not logged in within 30 s is thrown out, and of 15,000 at once not all can.</summary>
    private const int Doors = 256;

    /// <summary>As clients of ours do.</summary>
    private static readonly TimeSpan PingEvery = TimeSpan.FromSeconds(24);

    private XmppClient[] _clients = [];
    private readonly XmppLoop _loop = new();
    private readonly CancellationTokenSource _ending = new();
    private Task _running = Task.CompletedTask, _pinging = Task.CompletedTask;

    public IReadOnlyList<ISender> Senders => _clients;

    public TimeSpan Connecting { get; private set; }

    public async Task ConnectAsync(CancellationToken cancellationToken)
    {
        var run = Guid.CreateVersion7().ToString("N")[^12..];
        var users = Enumerable.Range(0, options.Connections).Select(number => $"bench-{run}-{number}").ToList();
        // To the account, wherever it is logged in: as a send of ours goes to a user. Who writes to nobody needs none.
        byte[][] heads = options.Kind == LoadKind.Idle ? [] : [.. users.Select(user => Encoding.UTF8.GetBytes($"<message to='{user}@{XmppLogin.Host}' type='chat'><body>"))];
        var began = Stopwatch.GetTimestamp();
        _running = _loop.RunAsync();
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(LoginLimit);
        var parallel = new ParallelOptions { MaxDegreeOfParallelism = Doors, CancellationToken = limit.Token };
        _clients = new XmppClient[users.Count];
        await Parallel.ForEachAsync(Enumerable.Range(0, users.Count), parallel, async (number, token) =>
        {
            var client = _clients[number] = new XmppClient(number, XmppConnection.Open(server), new XmppLogin(users[number]), _clients, heads, options, tally);
            _loop.Watch(client);
            client.LogIn();
            await client.LoggedIn.WaitAsync(token);
        });
        Connecting = Stopwatch.GetElapsedTime(began);
        if (options.Kind == LoadKind.Idle) _pinging = PingAsync();
    }

    /// <summary>XMPP has no conversations.</summary>
    public Task AcquaintAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>Each in its turn, as phones do: not all at once.</summary>
    private async Task PingAsync()
    {
        const int Turns = 480;
        using var timer = new PeriodicTimer(PingEvery / Turns);
        try
        {
            for (var tick = 0; await timer.WaitForNextTickAsync(_ending.Token); tick++)
                for (var i = tick % Turns; i < _clients.Length; i += Turns) _clients[i].Ping();
        }
        catch (OperationCanceledException)
        {
            // The run is over.
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _ending.CancelAsync();
        await _pinging;
        _loop.End();
        await _running;
        // Where the logins broke off some are missing.
        foreach (var client in _clients) client?.Dispose();
        _ending.Dispose();
    }
}
