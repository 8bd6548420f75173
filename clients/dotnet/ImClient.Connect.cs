using System.Net.WebSockets;
using Im.Protocol;

namespace Im.Client;

public sealed partial class ImClient
{
    private readonly GatewayList _gateways;
    private TaskCompletionSource _welcomed = NewSignal();
    private TaskCompletionSource _synced = NewSignal();

    /// <summary>Connects and returns at <c>welcome</c>. Unreachable gateways are tried again, one after the other, for as long as the caller waits.</summary>
    /// <remarks>Cancelling ends this wait; the client goes on trying until it is disposed. Calling it again waits for the same connection.</remarks>
    /// <exception cref="SessionEndedException">The session is unknown, ended or expired.</exception>
    /// <exception cref="ImStoppedException">The client was replaced, refused or disposed.</exception>
    public async Task ConnectAsync(CancellationToken cancellationToken = default)
    {
        cancellationToken.ThrowIfCancellationRequested();
        Task welcomed;
        lock (_gate)
        {
            ObjectDisposedException.ThrowIf(_disposed, this);
            if (_stopped is not null) throw _stopped;
            welcomed = _welcomed.Task;
            if (_state == ImClientState.New)
            {
                _state = ImClientState.Connecting;
                _running = Task.Run(() => RunAsync(_closing.Token), CancellationToken.None);
            }
        }

        await welcomed.WaitAsync(cancellationToken).ConfigureAwait(false);
    }

    /// <summary>
    /// Waits until everything missed before the current (or next) connection has arrived in <see cref="ReceiveAsync"/>'s queue, or has filled it:
    /// what does not fit comes when there is room.
    /// </summary>
    /// <exception cref="ImStoppedException">The client has stopped.</exception>
    public Task WhenSynced(CancellationToken cancellationToken = default)
    {
        if (cancellationToken.IsCancellationRequested) return Task.FromCanceled(cancellationToken);
        lock (_gate) return _synced.Task.WaitAsync(cancellationToken);
    }

    /// <summary>One connection from dialling to its end.</summary>
    private async Task<ConnectionEnd> RunConnectionAsync(Uri gateway, CancellationToken cancellationToken)
    {
        using var deadline = new CancellationTokenSource(_options.ConnectTimeout, _time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, deadline.Token);
        ImConnection connection;
        try
        {
            connection = await ImConnection.OpenAsync(gateway, _options.Format, _options.Handler, either.Token).ConfigureAwait(false);
        }
        catch (Exception e) when (e is WebSocketException or HttpRequestException or IOException
            || (e is OperationCanceledException && !cancellationToken.IsCancellationRequested))
        {
            return new ConnectionEnd(false, null, null, e, TimeSpan.Zero);
        }

        await using (connection.ConfigureAwait(false))
        await using (deadline.Token.Register(() => connection.Abort(new TimeoutException("no welcome in time"))).ConfigureAwait(false))
        await using (cancellationToken.Register(() => connection.Abort()).ConfigureAwait(false))
        {
            var run = new ConnectionRun(connection, gateway, deadline, _time.GetTimestamp());
            try
            {
                connection.TrySend(new ClientFrame.Hello(_options.Session, CursorsForHello()));
                while (await connection.ReceiveAsync(run.Frames, CancellationToken.None).ConfigureAwait(false))
                {
                    run.LastHeard = _time.GetTimestamp();
                    foreach (var frame in run.Frames) Handle(run, frame);
                    run.Frames.Clear();
                }
            }
            finally
            {
                Detach(run);
            }

            var lived = run.Welcomed ? _time.GetElapsedTime(run.Started) : TimeSpan.Zero;
            return new ConnectionEnd(run.Welcomed, connection.CloseCode ?? run.Bye?.Code, run.Bye, connection.Fault, lived)
            {
                AtOnce = run.AtOnce,
                BroughtNews = run.BroughtNews,
                IsUnanswered = !run.Welcomed && connection.CloseCode is null && run.Bye is null,
            };
        }
    }

    private void Welcome(ConnectionRun run, ServerFrame.Welcome welcome)
    {
        run.Deadline.CancelAfter(Timeout.InfiniteTimeSpan);
        if (LogChanged(welcome.Log))
        {
            run.Reconnect("the server's log was restored from a backup: cursors dropped");
            Raise(LogReset, welcome.Log);
            return;
        }

        lock (_gate)
        {
            if (_stopped is not null) return;
            run.Welcomed = true;
            _lastFault = null;
            _run = run;
            _connection = run.Connection;
            run.Connection.Drained = PumpSends;
            UserId = welcome.User;
            DeviceId = welcome.Device;
            Gateway = run.Gateway;
            _apiServer = run.Gateway;
            _gateways.Learn(welcome.Gateways);
            StartHeartbeat(welcome.Heartbeat);
            RepeatStandingWishes(run.Connection);
            RewindSends();
            MarksAreUntold();
        }

        SetState(ImClientState.Connected);
        _welcomed.TrySetResult();
    }

    private void Synced(ConnectionRun run)
    {
        lock (_gate)
        {
            _synced.TrySetResult();
            // Messages of the replay were left on the server: an own one says nothing about what came before it.
            if (run.Overflowed) return;
            run.Synced = true;
            foreach (var cursor in _cursors.Values) cursor.EndReplay();
        }
    }

    private void Detach(ConnectionRun run)
    {
        lock (_gate)
        {
            if (_run != run) return;
            _run = null;
            _connection = null;
            Gateway = null;
            _heartbeatTimer.Change(Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
            if (_synced.Task.IsCompleted) _synced = NewSignal();
            if (_stopped is not null) Fail(_synced, _stopped);
            if (_welcomed.Task.IsCompleted && _stopped is null) _welcomed = NewSignal();
        }
    }

    private void FailWaits(Exception why)
    {
        lock (_gate)
        {
            Fail(_welcomed, why);
            Fail(_synced, why);
        }
    }

    private static void Fail(TaskCompletionSource signal, Exception why)
    {
        signal.TrySetException(why);
        // Nobody has to wait for it: looked at here, it is no unobserved exception.
        _ = signal.Task.Exception;
    }

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
