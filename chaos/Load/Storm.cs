using System.Diagnostics.CodeAnalysis;
using System.Net;
using System.Net.Sockets;
using Im.Chaos.Journals;
using Im.Chaos.Systems;

namespace Im.Chaos.Load;

/// <summary>How soon those who were thrown out were back; null where the limit passed first.</summary>
public readonly record struct StormReturn(TimeSpan? NinetyFivePercent, TimeSpan? All, int Missing);

/// <summary>
/// Thousands of connected clients beside the crowd, for a reconnect storm. They say nothing, journal nothing, and come back by the protocol: to the gateways that
/// <c>welcome</c> named, after the pause that <c>bye</c> asked for, else with jitter; a tenth of them without any. They pass by the wires, which would take two more
/// sockets of this process for each of them: a process may open 20,000 files, and one that cannot open any stalls all the system's wires and ends (seen).
/// </summary>
public sealed class Storm : IAsyncDisposable
{
    /// <summary>Sessions that a user may have, by default.</summary>
    private const int DevicesPerUser = 10;

    private const double WithoutJitter = 0.1;

    /// <summary>Between two of the first connections: 5,000 are there in some 15 s.</summary>
    private static readonly TimeSpan Stagger = TimeSpan.FromMilliseconds(3);

    /// <summary>A connection that broke is known to be so within this time, also on a busy machine.</summary>
    private static readonly TimeSpan Noticed = TimeSpan.FromSeconds(3);

    private static readonly TimeSpan LookEvery = TimeSpan.FromMilliseconds(100), TickEvery = TimeSpan.FromSeconds(1);

    private readonly IReadOnlyList<StormClient> _clients;
    private readonly HttpMessageInvoker _dialler;
    private readonly Journal _journal;
    private readonly CancellationTokenSource _over = new();
    private readonly Task _living;

    private Storm(IReadOnlyList<StormClient> clients, HttpMessageInvoker dialler, Journal journal)
    {
        (_clients, _dialler, _journal) = (clients, dialler, journal);
        _living = Task.WhenAll([TickAsync(), .. clients.Select((client, nr) => Task.Run(() => client.LiveAsync(Stagger * nr, _over.Token)))]);
    }

    public int Count => _clients.Count;

    /// <summary>Clients that are connected and have got what they missed.</summary>
    public int Connected => _clients.Count(client => client.IsThere);

    /// <summary>By the close code that they got last; 0 for those whose connection broke off.</summary>
    public IReadOnlyDictionary<int, int> LastCodes => _clients.GroupBy(client => client.LastCode ?? 0).ToDictionary(group => group.Key, group => group.Count());

    /// <summary>All of them connect to one gateway; when this returns they are there.</summary>
    /// <param name="clients">At most 5,000: twice as many sockets are open where all come anew before the old ones are known to be gone.</param>
    /// <param name="gateway">Index of the gateway.</param>
    /// <param name="seed">For the jitter.</param>
    /// <exception cref="OperationCanceledException">Also where they are not all there within two minutes.</exception>
    [SuppressMessage("Reliability", "CA2000", Justification = "Disposed with the storm.")]
    public static async Task<Storm> GatherAsync(ChaosSystem system, int clients, int gateway, int seed, Journal journal, CancellationToken cancel)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(clients, 5000);
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        limit.CancelAfter(TimeSpan.FromMinutes(2));
        using var admin = new AdminDoor(Crowd.AdminsOf(system), system.Cluster.AdminKey);
        var users = (clients + DevicesPerUser - 1) / DevicesPerUser;
        var pool = await admin.EnsureUsersAsync(Gathering.NewNames("storm", users), limit.Token);
        var sessions = await admin.OpenSessionsAsync([.. Enumerable.Range(0, clients).Select(nr => pool[nr % users])], limit.Token);

        var direct = system.Wires.ToDictionary(wire => wire.Port, wire => wire.TargetPort);
        var dialler = new HttpMessageInvoker(new SocketsHttpHandler
        {
            UseCookies = false,
            AllowAutoRedirect = false,
            ConnectCallback = (context, cancel) => ConnectAsync(direct[context.DnsEndPoint.Port], cancel),
        });
        var storm = new Storm(
            [.. sessions.Select((session, nr) => new StormClient(
                session, system.Gateways[gateway], nr >= clients * WithoutJitter, dialler, new Random(unchecked((seed * 7919) + nr)), journal))],
            dialler,
            journal);
        try
        {
            while (storm.Connected < clients) await Task.Delay(LookEvery, limit.Token);
            return storm;
        }
        catch
        {
            await storm.DisposeAsync();
            throw;
        }
    }

    /// <summary>
    /// From this call on: until 95 of 100 are there for good, and until all are. To be called when they are thrown out; returns after three seconds at the
    /// earliest, for until then some may not know that they were.
    /// </summary>
    public async Task<StormReturn> WhenBackAsync(TimeSpan limit, CancellationToken cancel)
    {
        var began = _journal.Now;
        TimeSpan? ninetyFive = null, all = null;
        while (true)
        {
            var (connected, after) = (Connected, _journal.Now - began);
            ninetyFive = connected >= Count * 0.95 ? ninetyFive ?? after : null;
            all = connected == Count ? all ?? after : null;
            if (all is not null && after >= Noticed) return new StormReturn(ninetyFive, all, 0);
            if (after > limit) return new StormReturn(ninetyFive, null, Count - connected);
            await Task.Delay(LookEvery, cancel);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _over.CancelAsync();
        foreach (var client in _clients) client.Leave();
        await _living;
        _dialler.Dispose();
        _over.Dispose();
    }

    private static async ValueTask<Stream> ConnectAsync(int port, CancellationToken cancel)
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(new IPEndPoint(IPAddress.Loopback, port), cancel);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    private async Task TickAsync()
    {
        using var timer = new PeriodicTimer(TickEvery);
        try
        {
            while (await timer.WaitForNextTickAsync(_over.Token))
                foreach (var client in _clients) client.Tick();
        }
        catch (OperationCanceledException)
        {
            // The storm is over.
        }
    }
}
