using Im.Contracts;
using Im.Hosting.Sessions;
using Im.Protocol;
using Route = Im.Hosting.Routes.Route;

namespace Im.Gateway.Connections;

public sealed partial class ClientConnection
{
    private static readonly TimeSpan GreetLimit = TimeSpan.FromSeconds(6);

    /// <summary>A hello came, whatever becomes of it.</summary>
    private volatile bool _greeted;

    private Task _greeting = Task.CompletedTask;

    /// <param name="gone">The client has left. What it left behind must not take the place of the connection that it has elsewhere by now.</param>
    private async Task GreetAsync(ClientFrame.Hello hello, CancellationToken gone)
    {
        try
        {
            await RegisterAsync(hello, gone);
        }
        catch
        {
            // Nobody looks at this task before the next frame, and the client sends none before it is welcome.
            Abort(CloseCodes.Restarting);
            throw;
        }
    }

    /// <summary>
    /// 1. Check the session. 2. Register the route. 3. Only then read the log: what is committed meanwhile is seen by the one or by the other.
    /// </summary>
    private async Task RegisterAsync(ClientFrame.Hello hello, CancellationToken gone)
    {
        string log;
        _greeted = true;
        // Shorter than clients wait for their welcome: one that gave up and went elsewhere must not be replaced by what it left here.
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(_ending.Token, gone);
        limit.CancelAfter(GreetLimit);
        try
        {
            log = await _services.Storage.Ready.WaitAsync(limit.Token);
            if (!SessionId.TryHash(hello.Session, out var hash) || await _services.Sessions.FindAsync(hash, this, limit.Token) is not { } session)
            {
                Close(CloseCodes.LogInAgain);
                return;
            }

            _session = session;
            Route = new Route(session.DeviceKey, _services.Routes.Boot, Number, await _services.Routes.NextEpochAsync(limit.Token));
        }
        catch (Exception fault) when (fault is System.Data.Common.DbException or TimeoutException or System.Net.Sockets.SocketException or OperationCanceledException)
        {
            // The truth cannot be asked now: come back, do not log in again.
            Close(CloseCodes.Restarting, 1000 + Jitter());
            return;
        }

        if (gone.IsCancellationRequested) return;
        var older = _services.Registry.Add(this, _session.User, _session.DeviceKey);
        older?.Close(CloseCodes.Replaced);
        // A newer one is here, and its route must stay.
        if (older == this) return;
        Send(new ServerFrame.Welcome(
            Ids.Text(_session.User),
            _session.DeviceId,
            FormattableString.Invariant($"{_services.Routes.Boot}-{Number}"),
            _services.Options.HeartbeatSeconds,
            _services.Time.GetUtcNow().ToUnixTimeMilliseconds(),
            [.. _services.Board.Gateways.Select(Hosting.Nodes.GatewayUrls.WebSocket)],
            log));
        if (!await _services.Routes.RegisterAsync(this)) Close(CloseCodes.Replaced);
        else StartReplay(hello.Cursors);
    }
}
