using System.Buffers;
using Im.Protocol;

namespace Im.Gateway.Connections;

/// <summary>
/// Frames that wait for the socket, as one WebSocket message of the connection's format: many frames are one write. At most 1 MiB; who finds it full
/// reads the log once there is room, so nothing is dropped but time. Its connection's lock guards it.
/// </summary>
public sealed class Outbox(FrameFormat format)
{
    /// <summary>Live messages stop here and leave the rest to answers and control frames.</summary>
    private const int LiveLimit = 512 * 1024;

    /// <summary>A read of the log goes on when less than this waits.</summary>
    private const int ResumeBelow = 128 * 1024;

    private RentedWriter _frames = new();

    /// <summary>What was taken last, until it is written.</summary>
    private RentedWriter _writing = new();

    private int _count;

    /// <summary>Of the sampled among the frames that wait, and of those that were taken last. Null for nearly every write.</summary>
    private List<FrameSpan>? _spans, _taken;

    public bool IsEmpty => _frames.WrittenCount == 0;

    /// <summary>Bytes of memory that it holds.</summary>
    public int Capacity => _frames.Capacity + _writing.Capacity;

    public bool HasRoom => _frames.WrittenCount < LiveLimit;

    public bool HasRoomForReplay => _frames.WrittenCount < ResumeBelow;

    /// <summary>False: no room even for an answer; the connection is beyond help.</summary>
    public bool TryAdd(ServerFrame frame)
    {
        Separate();
        format.Write(_frames, frame);
        return _frames.WrittenCount < Limits.ServerMessageBytes;
    }

    public void Add(ReadOnlySpan<byte> frame)
    {
        Separate();
        _frames.Write(frame);
    }

    /// <summary>The span of the frame that was added last: ends when it is written, or never will be.</summary>
    public void Follow(FrameSpan span)
    {
        span.Begin();
        (_spans ??= []).Add(span);
    }

    /// <summary>What was taken is written. For the writer alone.</summary>
    public void Written()
    {
        _writing.Return();
        if (_taken is null) return;
        foreach (var span in _taken) span.End(written: true);
        _taken = null;
    }

    /// <summary>Nothing more will be written.</summary>
    public void Lose()
    {
        _frames.Return();
        _count = 0;
        // Its write was cut off, and the socket may hold the bytes yet.
        _writing.Drop();
        foreach (var span in (_spans ?? []).Concat(_taken ?? [])) span.End(written: false);
        (_spans, _taken) = (null, null);
    }

    public void Clear()
    {
        foreach (var span in _spans ?? []) span.End(written: false);
        _spans = null;
        _frames.Return();
        _count = 0;
    }

    private void Separate()
    {
        _count++;
        _frames.Write(_frames.WrittenCount == 0 ? format.Opening : format.Separator);
    }

    /// <summary>Takes all that waits: a lone frame as it is, several joined as the format wants it. The memory is valid until <see cref="Written"/>.</summary>
    public ReadOnlyMemory<byte> Take()
    {
        var isLone = _count == 1;
        _frames.Write(format.Closing);
        _count = 0;
        (_taken, _spans) = (_spans, null);
        // Empty, unless what was taken before was never written.
        _writing.Drop();
        (_frames, _writing) = (_writing, _frames);
        return isLone ? _writing.WrittenMemory[format.Opening.Length..^format.Closing.Length] : _writing.WrittenMemory;
    }
}
