using System.Net;
using System.Text;
using Im.Bench.Load;
using Im.Bench.Results;

namespace Im.Bench.Xmpp;

/// <summary>All connections of a run to an XMPP server, each a user of its own that was made for it.</summary>
internal sealed class XmppCrowd(BenchOptions options, Tally tally, IPEndPoint server) : ICrowd
{
    /// <summary>Connections that are made at once, as many as of <see cref="Crowd"/>.</summary>
    private const int Doors = 32;

    private readonly List<XmppClient> _clients = [];
    private readonly CancellationTokenSource _ending = new();
    private Task _ticking = Task.CompletedTask;

    public IReadOnlyList<ISender> Senders => _clients;

    public async Task ConnectAsync(CancellationToken cancellationToken)
    {
        var run = Guid.CreateVersion7().ToString("N")[^12..];
        var users = Enumerable.Range(0, options.Connections).Select(number => $"bench-{run}-{number}").ToList();
        // To the account, wherever it is logged in: as a send of ours goes to a user.
        byte[][] heads = [.. users.Select(user => Encoding.UTF8.GetBytes($"<message to='{user}@{XmppLogin.Host}' type='chat'><body>"))];
        for (var number = 0; number < users.Count; number++) _clients.Add(new XmppClient(number, _clients, heads, options, tally));
        var parallel = new ParallelOptions { MaxDegreeOfParallelism = Doors, CancellationToken = cancellationToken };
        await Parallel.ForEachAsync(_clients.Zip(users), parallel, async (one, token) => await one.First.ConnectAsync(server, one.Second, token));
        _ticking = TickAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await _ending.CancelAsync();
        await _ticking;
        await Parallel.ForEachAsync(_clients, async (client, _) => await client.DisposeAsync());
        _ending.Dispose();
    }

    private async Task TickAsync()
    {
        using var timer = new PeriodicTimer(Crowd.TickEvery);
        try
        {
            while (await timer.WaitForNextTickAsync(_ending.Token))
                foreach (var client in _clients) client.Tick();
        }
        catch (OperationCanceledException)
        {
            // The run is over.
        }
    }
}
