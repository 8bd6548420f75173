using System.Threading.Channels;
using Im.Protocol;

namespace Im.Client;

/// <summary>
/// A user's device in the system. One object outlives any number of connections: sends are repeated with the same id until they are stored or
/// refused for good, received messages come once and in order, and the connection comes back by itself until the state says otherwise.
/// </summary>
/// <remarks>
/// Thread-safe: every member may be called from anywhere at any time. All state is guarded by one lock, under which nothing waits and no code of
/// the application runs. No continuation is posted to a synchronization context. Cancelling a call ends that call, never the connection.
/// </remarks>
public sealed partial class ImClient : IAsyncDisposable
{
    private readonly Lock _gate = new();
    private readonly ImClientOptions _options;
    private readonly TimeProvider _time;
    private readonly CancellationTokenSource _closing = new();
    private readonly Channel<ReceivedMessage> _received;
    private ImClientState _state = ImClientState.New;
    private Task _running = Task.CompletedTask;
    private Task? _ending;
    private volatile bool _disposed;

    // Set from welcome until the connection's end.
    private ImConnection? _connection;

    // Where the HTTP calls go: the last gateway that said welcome.
    private volatile Uri _apiServer;

    /// <summary>A client that is not connected yet; <see cref="ConnectAsync"/> begins.</summary>
    /// <exception cref="ArgumentException">An option is out of its range, or a cursor is none of this system.</exception>
    public ImClient(ImClientOptions options)
    {
        options.Check();
        _options = options;
        _apiServer = options.Gateway;
        LoadCursors(options.Cursors);
        _time = options.Time;
        _backoff = new Backoff(options.BackoffMin, options.BackoffMax, options.Jitter);
        _gateways = new GatewayList(options.Gateway);
        _received = Channel.CreateBounded<ReceivedMessage>(options.ReceiveQueue);
        _repeatTimer = _time.CreateTimer(_ => RepeatDue(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        _ackTimer = _time.CreateTimer(_ => FlushMarks(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        _heartbeatTimer = _time.CreateTimer(_ => Beat(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        Api = new ImApi(() => _apiServer, options.Session, options.Handler);
    }

    /// <summary>The HTTP calls of this session: profiles, contacts, conversations, history. They go to the gateway that the client was last connected to.</summary>
    public ImApi Api { get; }

    /// <summary>Where the client stands now; <see cref="StateChanged"/> tells when it changes.</summary>
    public ImClientState State
    {
        get { lock (_gate) return _state; }
    }

    /// <summary>This user's id; null before the first <c>welcome</c>.</summary>
    public string? UserId { get; private set; }

    /// <summary>This device's id; null before the first <c>welcome</c>.</summary>
    public string? DeviceId { get; private set; }

    /// <summary>The gateway of the current connection; null while there is none.</summary>
    public Uri? Gateway { get; private set; }

    /// <summary>
    /// Why the last connection could not be made, or broke off; null while there is one, before the first attempt, and after one that the server closed in good order. The
    /// client goes on trying whatever it is, so this is how an application learns of a name that does not exist or a certificate that nobody trusts.
    /// </summary>
    public Exception? LastFault => _lastFault;

    private volatile Exception? _lastFault;

    /// <summary>Says goodbye, waits up to two seconds for the server to close, and ends every unanswered send with <see cref="ImStoppedException"/>.</summary>
    /// <remarks>Every call returns when the client has ended. A handler of an event must not wait for it: the client waits for the handler.</remarks>
    public ValueTask DisposeAsync()
    {
        lock (_gate)
        {
            _disposed = true;
            return new ValueTask(_ending ??= Task.Run(EndAsync));
        }
    }

    private async Task EndAsync()
    {
        FlushMarks();
        ImConnection? connection;
        lock (_gate) connection = _connection;
        if (connection is not null && connection.TrySend(new ClientFrame.Bye())) await UntilTheServerClosesAsync().ConfigureAwait(false);
        Stop(ImClientState.Closed, null);
        await _closing.CancelAsync().ConfigureAwait(false);
        await _running.ConfigureAwait(false);
        await _repeatTimer.DisposeAsync().ConfigureAwait(false);
        await _ackTimer.DisposeAsync().ConfigureAwait(false);
        await _heartbeatTimer.DisposeAsync().ConfigureAwait(false);
        Api.Dispose();
        _closing.Dispose();
    }

    private async Task UntilTheServerClosesAsync()
    {
        try
        {
            await _running.WaitAsync(TimeSpan.FromSeconds(2), _time).ConfigureAwait(false);
        }
        catch (TimeoutException)
        {
            // A server that is gone or busy does not keep the application from ending.
        }
    }

    /// <summary>Enters a state from which there is no way back and ends everything that waits for an answer.</summary>
    private void Stop(ImClientState state, string? detail, Exception? cause = null)
    {
        ImStoppedException why = state == ImClientState.SessionEnded ? new SessionEndedException() : new ImStoppedException(state, detail, cause);
        List<PendingSend> unanswered;
        lock (_gate)
        {
            if (_stopped is not null) return;
            _stopped = why;
            unanswered = TakeAllSends();
        }

        SetState(state);
        foreach (var send in unanswered) send.TrySetException(why);
        FailWaits(why);
        _received.Writer.TryComplete(state == ImClientState.Closed ? null : why);
    }

    private ImStoppedException? _stopped;
}
