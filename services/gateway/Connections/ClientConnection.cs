using System.Net.WebSockets;
using Im.Gateway.Sessions;
using Im.Protocol;
using Route = Im.Hosting.Routes.Route;

namespace Im.Gateway.Connections;

/// <summary>
/// One client's socket, from upgrade to close: reads frames one after the other, writes what waits in the outbox, and keeps for each conversation the
/// last seq that it sent. One lock guards outbox, feeds and unanswered sends; nothing is awaited under it.
/// </summary>
/// <remarks>
/// Not disposable on purpose: the ticker, a running read of the log and whoever looked it up a moment ago may still cancel and wake it after its end.
/// Neither the token sources (no wait handle) nor the semaphore holds anything that the collector does not free.
/// The socket is read and written without a token: it would be registered and unregistered for each frame. What ends a call that waits is the end of its connection.
/// </remarks>
[System.Diagnostics.CodeAnalysis.SuppressMessage("Design", "CA1001", Justification = "See the remarks.")]
public sealed partial class ClientConnection
{
    private readonly WebSocket _socket;
    private readonly ConnectionServices _services;
    private readonly Action _cutOff;
    private readonly Lock _lock = new();
    private readonly CancellationTokenSource _ending = new();

    /// <summary>Apart from what else ends with the connection: what is cancelled may take its time to end, as a query does that a database away has to be told of.</summary>
    private readonly CancellationTokenSource _cutting = new();
    private readonly long _startedAt;
    private (int Code, int? ReconnectAfterMs)? _close;
    private LiveSession? _session;
    private long _lastHeard;
    private int _faults;

    /// <param name="cutOff">Ends the connection below the socket, and every call that waits for it.</param>
    public ClientConnection(WebSocket socket, FrameFormat format, ConnectionServices services, Action cutOff)
    {
        (_socket, Format, _services, _cutOff) = (socket, format, services, cutOff);
        _outbox = new Outbox(format);
        Number = services.Registry.NextNumber();
        _startedAt = services.Time.GetTimestamp();
        _lastHeard = services.Time.GetTimestamp();
        _sends = new TokenBucket(services.Options.MessagesPerSecond, services.Options.MessageBurst, services.Time);
        _frames = new TokenBucket(services.Options.FramesPerSecond, services.Options.FrameBurst, services.Time);
    }

    /// <summary>Unique on this gateway as long as it runs.</summary>
    public long Number { get; }

    /// <summary>As the subprotocol was negotiated.</summary>
    public FrameFormat Format { get; }

    /// <summary>Null until hello.</summary>
    public LiveSession? Session => _session;

    /// <summary>This connection as the route table knows it; null until hello has found the session and drawn an epoch.</summary>
    public Route? Route { get; private set; }

    public bool IsClosing => _close is not null;

    /// <summary>Runs until the connection is closed, by whomever.</summary>
    public async Task RunAsync(CancellationToken stopping)
    {
        await using var stop = stopping.Register(Leave);
        await using var cut = _cutting.Token.Register(_cutOff);
        var writing = WriteAsync();
        var patience = TimeSpan.Zero;
        try
        {
            await ReadAsync();
            // A goodbye of the client is answered, after what still waits for it.
            patience = CloseLimit;
        }
        catch (WebSocketException fault) when (fault.WebSocketErrorCode != WebSocketError.ConnectionClosedPrematurely)
        {
            // Bytes that are no frame, or no text. The WebSocket has written its close with the reason; a reset right behind it would overtake it.
            CloseUnwritten();
            await Task.Delay(CloseGrace, _services.Time, CancellationToken.None);
            patience = CloseLimit;
        }
        catch (Exception fault) when (fault is WebSocketException or OperationCanceledException or ObjectDisposedException or IOException)
        {
            // The client went without a word, or we cut it off: both are the end of the connection and nobody's fault.
            patience = TimeSpan.Zero;
        }
        finally
        {
            lock (_lock) SetClose(CloseCodes.Normal);
            _cutting.CancelAfter(patience);
            _ending.CancelAfter(patience);
            _wake.Release();
            try
            {
                await writing;
            }
            finally
            {
                await LeaveAsync();
            }
        }
    }

    /// <summary>Says bye and closes. The first reason counts.</summary>
    public void Close(int code, int? reconnectAfterMs = null)
    {
        lock (_lock)
        {
            // Who has to log in again gets nothing more, however slowly he reads what waited.
            if (code == CloseCodes.LogInAgain) _outbox.Clear();
            if (_close is not null && code != CloseCodes.LogInAgain) return;
            SetClose(code, reconnectAfterMs);
            _outbox.TryAdd(new ServerFrame.Bye(code, reconnectAfterMs));
        }

        _wake.Release();
    }

    /// <summary>
    /// The process ends: what was sent here is answered first, so that nobody has to wait and repeat it elsewhere. What comes meanwhile is taken as ever.
    /// </summary>
    public void Leave()
    {
        lock (_lock)
        {
            if (!_isLeaving) _leavingSince = _services.Time.GetTimestamp();
            _isLeaving = true;
            // Answered or refused: by then every send is.
            if (_waiting > 0 && _services.Time.GetElapsedTime(_leavingSince) < AnswerLimit) return;
        }

        Close(CloseCodes.Restarting, Jitter());
    }

    /// <summary>Closes without writing what waits: the process was frozen, and what it holds may be outdated.</summary>
    public void CloseUnwritten()
    {
        lock (_lock)
        {
            _outbox.Clear();
            SetClose(CloseCodes.Restarting);
        }

        _wake.Release();
    }

    /// <summary>Cuts the socket off: a client that does not read cannot be told anything either.</summary>
    public void Abort(int code)
    {
        lock (_lock) SetClose(code);
        _socket.Abort();
        // Not here and now: this may be the ticker of all connections.
        _ = _cutting.CancelAsync();
        _ = _ending.CancelAsync();
    }

    /// <summary>Called every quarter of a second: what has to happen when nothing happens.</summary>
    public void Tick()
    {
        if (IsClosing)
        {
            if (ClosingFor() > (_session?.Ended == true ? EndedLimit : CloseLimit)) Abort(CloseCodes.Normal);
            return;
        }

        var silence = _services.Time.GetElapsedTime(Interlocked.Read(ref _lastHeard));
        if (!_greeted && _services.Time.GetElapsedTime(_startedAt) > HelloLimit) RefuseSilent();
        else if (silence > _services.HeartbeatLimit) Close(CloseCodes.TooSlow);
        if (IsWriteStuck()) Abort(CloseCodes.TooSlow);
        RefuseOverdue();
        if (_isLeaving) Leave();
        TellDue();
    }

    /// <summary>After 10 s without hello the socket closes; a frozen peer must not hold it.</summary>
    private static readonly TimeSpan HelloLimit = TimeSpan.FromSeconds(10);

    /// <summary>For the close handshake.</summary>
    private static readonly TimeSpan CloseLimit = TimeSpan.FromSeconds(5);

    /// <summary>After the end of the session the socket is cut off sooner: within 2 s nothing more may reach the client.</summary>
    private static readonly TimeSpan EndedLimit = TimeSpan.FromSeconds(1);

    /// <summary>For a close that nobody is read for any more.</summary>
    private static readonly TimeSpan CloseGrace = TimeSpan.FromSeconds(1);

    private long _closingSince, _leavingSince;
    private volatile bool _isLeaving;

    /// <summary>Under the lock. The first reason counts; from now on the client has its time to answer.</summary>
    private void SetClose(int code, int? reconnectAfterMs = null)
    {
        if (_close is not null) return;
        (_close, _closingSince) = ((code, reconnectAfterMs), _services.Time.GetTimestamp());
        _services.Metrics.Closed(code);
    }

    private TimeSpan ClosingFor()
    {
        lock (_lock) return _services.Time.GetElapsedTime(_closingSince);
    }

    /// <summary>Spreads those who come back over a second, so that they do not come all at once.</summary>
    private static int Jitter() => Random.Shared.Next(100, 1000);

    private async Task LeaveAsync()
    {
        LoseTraces();
        if (_session is not { } session) return;
        // First: who asks in between finds it here or there.
        _services.Ended.Remember(session.User, session.DeviceKey, Number, Unacknowledged());
        _services.Registry.Remove(this, session.User, session.DeviceKey);
        _services.Sessions.Release(session, this);
        _services.Watches.Forget(this);
        // Without one where the session was found and the database then gave no epoch: nothing was registered.
        if (Route is { } route) await _services.Routes.RemoveAsync(session.User, route);
    }
}
