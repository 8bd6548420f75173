using System.Collections.Concurrent;
using Im.Contracts.Lanes;
using Im.Gateway.Presence;
using Im.Hosting;
using Im.Hosting.Lanes;
using Im.Hosting.Routes;
using Im.Hosting.Storage;
using Im.Protocol;

namespace Im.Gateway.Connections;

/// <summary>
/// Keeps the routes of this gateway's connections: registers at hello, removes at close, renews the lease, and registers all again when the lease was lost
/// (Redis emptied or away, this process frozen). Without routes the connections live on; their messages come by reconciliation.
/// </summary>
public sealed partial class RouteKeeper(
    IRouteTable routes,
    Database database,
    IMessageLanes lanes,
    ConnectionRegistry registry,
    PresenceReporter presence,
    NodeIdentity self,
    TimeProvider time,
    ILogger<RouteKeeper> log)
    : BackgroundService
{
    /// <summary>Registrations under way at once after a loss: 5,000 connections are back within a second or two.</summary>
    private const int Parallel = 64;

    /// <summary>Removals kept for later at most; a route beyond is replaced by the device's next connection.</summary>
    private const int LeftBehind = 20_000;

    /// <summary>Removals that failed while the routes were away: a route of a living gateway is swept by nobody. Users who are back registered anew.</summary>
    private readonly ConcurrentQueue<(long User, Hosting.Routes.Route Route)> _left = new();

    /// <summary>A registration failed though the lease may have held: nobody but us would ever know.</summary>
    private volatile bool _missed;

    public string Boot => self.Boot;

    public int Waiting => _left.Count;

    /// <summary>Raised after all routes were registered again: envelopes went astray meanwhile.</summary>
    public event Action? Renewed;

    public Task<long> NextEpochAsync(CancellationToken cancel) => database.NextEpochAsync(cancel);

    /// <summary>False: a newer connection of the device is registered, this one has to close.</summary>
    public async Task<bool> RegisterAsync(ClientConnection connection)
    {
        var session = connection.Session!;
        try
        {
            var registration = await routes.RegisterAsync(session.User, connection.Route!.Value, CancellationToken.None);
            if (registration.Replaced is { } older) await ReplaceAsync(older);
            if (registration.Accepted) presence.RoutesChanged(session.User);
            return registration.Accepted;
        }
        catch (RoutesUnavailableException)
        {
            // Registered with all the others, at the next tick that finds the routes.
            _missed = true;
            return true;
        }
    }

    public async Task RemoveAsync(long user, Hosting.Routes.Route route)
    {
        try
        {
            await routes.RemoveAsync(user, route, CancellationToken.None);
            presence.RoutesChanged(user);
        }
        catch (RoutesUnavailableException)
        {
            if (_left.Count < LeftBehind) _left.Enqueue((user, route));
        }
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(RouteLease.Renewal / 3, time);
        var renewedAt = 0L;
        var lost = false;
        do
        {
            try
            {
                // Taken before the question: one that fails while it is under way is not covered by its answer.
                lost |= Interlocked.Exchange(ref _missed, false);
                if (!lost && renewedAt != 0 && time.GetElapsedTime(renewedAt) < RouteLease.Renewal) continue;
                var held = await routes.RenewLeaseAsync(self.Boot, stoppingToken);
                if (!held || lost) await RegisterAllAsync();
                for (var left = _left.Count; left > 0 && _left.TryDequeue(out var gone); left--) await RemoveAsync(gone.User, gone.Route);
                renewedAt = time.GetTimestamp();
                lost = false;
            }
            catch (RoutesUnavailableException)
            {
                // Back or not is seen with the next tick; what happened meanwhile is not known, so all register again.
                lost = true;
            }
        }
        while (await timer.WaitForNextTickAsync(stoppingToken));
    }

    private async Task RegisterAllAsync()
    {
        var connections = registry.All;
        await RegisterAllAsync(connections);
        if (connections.Count > 0) LogRegisteredAll(connections.Count);
        Renewed?.Invoke();
    }

    private Task RegisterAllAsync(ICollection<ClientConnection> connections) => System.Threading.Tasks.Parallel.ForEachAsync(
        connections,
        new ParallelOptions { MaxDegreeOfParallelism = Parallel },
        async (connection, _) =>
        {
            if (connection.IsClosing) return;
            if (!await RegisterAsync(connection)) connection.Close(CloseCodes.Replaced);
            // It may have left while it was registered, and its own removal come first.
            if (connection.IsClosing) await RemoveAsync(connection.Session!.User, connection.Route!.Value);
            else if (connection.ChosenStatus is { } status) presence.StatusChosen(connection.Session!.User, connection.Session.DeviceKey, status);
        });

    private async Task ReplaceAsync(Hosting.Routes.Route older)
    {
        if (older.Boot == self.Boot)
        {
            registry.Find(older.Connection)?.Close(CloseCodes.Replaced);
            return;
        }

        var bytes = new System.Buffers.ArrayBufferWriter<byte>();
        LaneFormat.Write(bytes, Envelope.Empty with { Replaced = [new ConnectionReplaced(older.Connection)] });
        await lanes.DeliverAsync(older.Boot, bytes.WrittenMemory, CancellationToken.None);
    }

    [LoggerMessage(EventId = 1, Level = LogLevel.Information, Message = "registered {Count} routes again")]
    private partial void LogRegisteredAll(int count);
}
