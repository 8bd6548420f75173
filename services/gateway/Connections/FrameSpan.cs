using System.Diagnostics;

namespace Im.Gateway.Connections;

/// <summary>The span of a sampled message's frame on this gateway: ends when it is written to the last of the sockets that it is for.</summary>
public sealed class FrameSpan(Activity span)
{
    /// <summary>Whoever made it counts until he has said for whom it is.</summary>
    private int _open = 1;
    private int _written;
    private int _missed;

    /// <summary>One more socket gets the frame.</summary>
    public void Begin() => Interlocked.Increment(ref _open);

    /// <param name="written">False where the connection ended first, and its messages are read from the log by the next one.</param>
    public void End(bool written)
    {
        Interlocked.Increment(ref written ? ref _written : ref _missed);
        Release();
    }

    /// <summary>All sockets are known.</summary>
    public void Release()
    {
        if (Interlocked.Decrement(ref _open) > 0) return;
        span.SetTag("im.sockets.written", _written);
        if (_missed > 0) span.SetTag("im.sockets.missed", _missed).SetStatus(ActivityStatusCode.Error, "a connection ended first");
        span.Stop();
    }
}
