using Im.Protocol;

namespace Im.Client;

public sealed partial class ImClient
{
    private static readonly ClientFrame Ping = new ClientFrame.Ping();

    private readonly ITimer _heartbeatTimer;
    private TimeSpan _heartbeat;
    private ConnectionRun? _run;

    // A timer of the framework takes 49 days; a server that asks for more is wrong and costs no connection.
    private const int MaxHeartbeatSeconds = 24 * 3600;

    private void StartHeartbeat(int seconds)
    {
        _heartbeat = TimeSpan.FromSeconds(Math.Clamp(seconds, 1, MaxHeartbeatSeconds));
        _heartbeatTimer.Change(_heartbeat, _heartbeat);
    }

    /// <summary>Each beat asks for a <c>pong</c>; two beats without a single frame mean that nobody is there any more.</summary>
    private void Beat()
    {
        ConnectionRun? run;
        lock (_gate) run = _run;
        if (run is null) return;
        if (_time.GetElapsedTime(run.LastHeard) >= _heartbeat * 2) run.Reconnect("no frame from the server for two heartbeats", atOnce: false);
        else run.Connection.TrySend(Ping);
    }
}
