using Im.Contracts;
using Im.Gateway.Sessions;
using Im.Hosting.Sessions;
using Im.Protocol;
using Route = Im.Hosting.Routes.Route;

namespace Im.Gateway.Connections;

public sealed partial class ClientConnection
{
    private static readonly TimeSpan GreetLimit = TimeSpan.FromSeconds(6);

    /// <summary>Of <see cref="GreetLimit"/>; the rest is enough for what comes then. Whoever has no turn by now leaves before he has cost the database anything.</summary>
    private static readonly TimeSpan TurnLimit = TimeSpan.FromSeconds(4);

    /// <summary>A hello came, whatever becomes of it.</summary>
    private volatile bool _greeted;

    private Task _greeting = Task.CompletedTask;

    /// <summary>While a hello is answered: the client has left. What it left behind must not take the place of the connection that it has elsewhere by now.</summary>
    private CancellationTokenSource? _gone;

    /// <summary>Turns on the pool in a row that came in time, one for each tick: a second in which a hello that had come would have been heard.</summary>
    private const int TurnsInTime = 4;

    private int _inTime, _isAsking;

    /// <summary>Clients take the code for a defect of their own and do not come back, so it must not be us who did not listen.</summary>
    private void RefuseSilent()
    {
        if (Interlocked.Exchange(ref _isAsking, 1) == 1) return;
        PoolTurn.Ask(_services.Time, () => Asked(isInTime: true), () => Asked(isInTime: false));
    }

    private void Asked(bool isInTime)
    {
        _inTime = isInTime ? _inTime + 1 : 0;
        if (_inTime >= TurnsInTime && !_greeted) Close(CloseCodes.BadFrames);
        Volatile.Write(ref _isAsking, 0);
    }

    private async Task GreetAsync(ClientFrame.Hello hello)
    {
        _gone = new CancellationTokenSource();
        try
        {
            await RegisterAsync(hello, _gone.Token);
        }
        catch
        {
            // Nobody looks at this task before the next frame, and the client sends none before it is welcome.
            Abort(CloseCodes.Restarting);
            throw;
        }
        finally
        {
            _gone = null;
        }
    }

    /// <summary>
    /// 1. Check the session. 2. Register the route. 3. Only then read the log: what is committed meanwhile is seen by the one or by the other.
    /// </summary>
    private async Task RegisterAsync(ClientFrame.Hello hello, CancellationToken gone)
    {
        string log;
        LiveSession? session = null;
        _greeted = true;
        // Shorter than clients wait for their welcome: one that gave up and went elsewhere must not be replaced by what it left here.
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(_ending.Token, gone);
        limit.CancelAfter(GreetLimit);
        try
        {
            log = await _services.Storage.Ready.WaitAsync(limit.Token);
            if (SessionId.TryHash(hello.Session, out var hash)) session = await IdentifyAsync(hash, limit.Token);
        }
        catch (Exception fault) when (fault is System.Data.Common.DbException or TimeoutException or System.Net.Sockets.SocketException or OperationCanceledException)
        {
            // The truth cannot be asked now: come back, do not log in again.
            Close(CloseCodes.Restarting, 1000 + Jitter());
            return;
        }

        if (session is null)
        {
            Close(CloseCodes.LogInAgain);
            return;
        }

        if (gone.IsCancellationRequested) return;
        var older = _services.Registry.Add(this, session.User, session.DeviceKey);
        older?.Close(CloseCodes.Replaced);
        // A newer one is here, and its route must stay.
        if (older == this) return;
        Send(new ServerFrame.Welcome(
            Ids.Text(session.User),
            session.DeviceId,
            FormattableString.Invariant($"{_services.Routes.Boot}-{Number}"),
            _services.Options.HeartbeatSeconds,
            _services.Time.GetUtcNow().ToUnixTimeMilliseconds(),
            [.. _services.Board.Gateways.Select(Hosting.Nodes.GatewayUrls.WebSocket)],
            log));
        if (!await _services.Routes.RegisterAsync(this)) Close(CloseCodes.Replaced);
        else StartReplay(hello.Cursors);
    }

    /// <summary>
    /// Whose connection it is, and its place among those of the device. A few at once, and each of them to its end: of thousands that come together, those who had waited for
    /// the first answer of the database would have no time left for the second, and next to none would get in (seen for two minutes).
    /// </summary>
    /// <returns>Null: there is no such session.</returns>
    /// <exception cref="TimeoutException">There were too many before it.</exception>
    private async Task<LiveSession?> IdentifyAsync(byte[] sessionHash, CancellationToken cancel)
    {
        if (!await _services.HelloTurns.WaitAsync(TurnLimit, cancel)) throw new TimeoutException();
        try
        {
            if (await _services.Sessions.FindAsync(sessionHash, this, cancel) is not { } session) return null;
            // Before the epoch: where there is none, the session is still to be let go.
            _session = session;
            Route = new Route(session.DeviceKey, _services.Routes.Boot, Number, await _services.Routes.NextEpochAsync(cancel));
            return session;
        }
        finally
        {
            _services.HelloTurns.Release();
        }
    }
}
