using Im.Protocol;

namespace Im.Client;

/// <summary>What is true of one connection only and ends with it.</summary>
internal sealed class ConnectionRun(ImConnection connection, Uri gateway, CancellationTokenSource deadline, long started)
{
    public ImConnection Connection { get; } = connection;

    public Uri Gateway { get; } = gateway;

    /// <summary>Armed until <c>welcome</c>.</summary>
    public CancellationTokenSource Deadline { get; } = deadline;

    public long Started { get; } = started;

    public List<ServerFrame> Frames { get; } = [];

    public bool Welcomed { get; set; }

    public bool Synced { get; set; }

    /// <summary>A message that was not held before has come.</summary>
    public bool BroughtNews { get; set; }

    /// <summary>The receive queue was full: messages of this connection are left to the next one.</summary>
    public bool Overflowed { get; set; }

    /// <summary>The client itself wants another connection, now.</summary>
    public bool AtOnce { get; private set; }

    public ServerFrame.Bye? Bye { get; set; }

    public long LastHeard { get => Volatile.Read(ref _lastHeard); set => Volatile.Write(ref _lastHeard, value); }

    private long _lastHeard = started;

    public void Reconnect(string why, bool atOnce = true)
    {
        AtOnce = atOnce;
        Connection.Abort(new IOException(why));
    }
}

/// <param name="Code">The close code, or the one that <c>bye</c> announced; null when it broke.</param>
/// <param name="Lived">How long it was open, zero if it never got a <c>welcome</c>.</param>
internal sealed record ConnectionEnd(bool Welcomed, int? Code, ServerFrame.Bye? Bye, Exception? Fault, TimeSpan Lived)
{
    public bool AtOnce { get; init; }

    public bool BroughtNews { get; init; }

    /// <summary><c>hello</c> was written, and neither <c>welcome</c> nor a reason to close came back.</summary>
    public bool IsUnanswered { get; init; }
}
