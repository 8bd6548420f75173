using System.Buffers;
using Im.Protocol;

namespace Im.Gateway.Outbound;

/// <summary>A frame that many connections get: written at the first need of each format, into buffers that are used again for the next one.</summary>
public sealed class SharedFrame
{
    private readonly ArrayBufferWriter<byte>[] _written = [.. FrameFormat.All.Select(_ => new ArrayBufferWriter<byte>())];

    /// <summary>Null until somebody needs it.</summary>
    public ServerFrame? Frame { get; set; }

    public void Clear()
    {
        Frame = null;
        foreach (var written in _written) written.ResetWrittenCount();
    }

    /// <summary>The bytes, valid until <see cref="Clear"/>.</summary>
    public ReadOnlySpan<byte> In(FrameFormat format)
    {
        var written = _written[format.Number];
        if (written.WrittenCount == 0) format.Write(written, Frame ?? throw new InvalidOperationException("no frame to write"));
        return written.WrittenSpan;
    }
}
