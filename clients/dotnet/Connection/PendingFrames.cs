using System.Buffers;
using Im.Protocol;

namespace Im.Client;

/// <summary>
/// Encoded frames that wait for the socket, already cut into WebSocket messages of at most 64 KiB. Every frame has room in front of it for what the
/// format puts before it in a message of many (a bracket or comma in JSON): nothing is copied a second time.
/// </summary>
internal sealed class PendingFrames(FrameFormat format) : IBufferWriter<byte>
{
    // What an idle connection may keep; more goes back to the pool.
    private const int KeptBytes = 4 * 1024;

    private readonly List<(int Start, int Frames)> _messages = [];
    private byte[] _bytes = [];
    private bool _lastIsRaw;

    private int Gap => format.Opening.Length;

    public int Length { get; private set; }

    public int Messages => _messages.Count;

    /// <exception cref="ArgumentException">The frame alone is bigger than a WebSocket message may be; nothing was added.</exception>
    public void Add(ClientFrame frame)
    {
        var start = Length;
        Reserve();
        format.Write(this, frame);
        var size = Length - start;
        if (size - Gap > Limits.ClientMessageBytes)
        {
            Length = start;
            throw new ArgumentException($"the frame has {size - Gap} bytes, a WebSocket message at most {Limits.ClientMessageBytes}", nameof(frame));
        }

        if (_messages.Count > 0 && !_lastIsRaw && start + size + format.Closing.Length - _messages[^1].Start <= Limits.ClientMessageBytes)
        {
            format.Separator.CopyTo(_bytes.AsSpan(start));
            _messages[^1] = (_messages[^1].Start, _messages[^1].Frames + 1);
            return;
        }

        _messages.Add((start, 1));
        _lastIsRaw = false;
    }

    /// <summary>Adds bytes as a WebSocket message of their own, as they are.</summary>
    public void AddRaw(ReadOnlySpan<byte> message)
    {
        var start = Length;
        Reserve();
        message.CopyTo(GetSpan(message.Length));
        Advance(message.Length);
        _messages.Add((start, 1));
        _lastIsRaw = true;
    }

    /// <summary>The bytes of one WebSocket message. Valid until the next call: neighbours share the room between them.</summary>
    public ReadOnlyMemory<byte> Message(int index)
    {
        var (start, frames) = _messages[index];
        var end = index + 1 < _messages.Count ? _messages[index + 1].Start : Length;
        if (frames == 1) return _bytes.AsMemory(start + Gap, end - start - Gap);
        EnsureFree(format.Closing.Length);
        format.Opening.CopyTo(_bytes.AsSpan(start));
        format.Closing.CopyTo(_bytes.AsSpan(end));
        return _bytes.AsMemory(start, end + format.Closing.Length - start);
    }

    public void Clear()
    {
        Length = 0;
        _messages.Clear();
        _lastIsRaw = false;
        if (_bytes.Length > KeptBytes) Release();
    }

    public void Release()
    {
        if (_bytes.Length > 0) ArrayPool<byte>.Shared.Return(_bytes);
        _bytes = [];
    }

    public void Advance(int count) => Length += count;

    public Memory<byte> GetMemory(int sizeHint = 0)
    {
        EnsureFree(Math.Max(sizeHint, 1));
        return _bytes.AsMemory(Length);
    }

    public Span<byte> GetSpan(int sizeHint = 0) => GetMemory(sizeHint).Span;

    private void Reserve()
    {
        EnsureFree(Gap);
        Length += Gap;
    }

    private void EnsureFree(int count)
    {
        if (_bytes.Length - Length >= count) return;
        var bigger = ArrayPool<byte>.Shared.Rent(Math.Max(Length + count, Math.Max(_bytes.Length * 2, 512)));
        _bytes.AsSpan(0, Length).CopyTo(bigger);
        if (_bytes.Length > 0) ArrayPool<byte>.Shared.Return(_bytes);
        _bytes = bigger;
    }
}
