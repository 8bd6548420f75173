using System.Net.WebSockets;
using Im.Protocol;

namespace Im.Client;

public sealed partial class ImConnection
{
    /// <summary>Bytes that may wait for the socket. Beyond them <see cref="TrySend"/> says no and <see cref="SendAsync"/> waits.</summary>
    public const int MaxPendingBytes = 4 * Limits.ClientMessageBytes;

    private readonly Writer _writer;
    private PendingFrames _pending;
    private PendingFrames _spare;
    private bool _writing, _refused;
    private TaskCompletionSource? _room, _flushed;

    /// <summary>Called after a write when <see cref="TrySend"/> had said no: there is room again.</summary>
    internal Action? Drained { get; set; }

    /// <summary>Queues a frame; false when the buffer is full or the connection has ended.</summary>
    /// <exception cref="ArgumentException">The frame does not fit into a WebSocket message (64 KiB).</exception>
    public bool TrySend(ClientFrame frame)
    {
        lock (_gate)
        {
            if (!HasRoom()) return false;
            _pending.Add(frame);
            StartWriting();
            return true;
        }
    }

    /// <summary>Queues bytes as one WebSocket message of their own, whatever they are; for tests of the other side.</summary>
    public bool TrySendRaw(ReadOnlySpan<byte> message)
    {
        lock (_gate)
        {
            if (!HasRoom()) return false;
            _pending.AddRaw(message);
            StartWriting();
            return true;
        }
    }

    /// <summary>Queues a frame, waiting for room. That it was queued does not say that it arrived.</summary>
    /// <exception cref="WebSocketException">The connection has ended.</exception>
    public async ValueTask SendAsync(ClientFrame frame, CancellationToken cancellationToken = default)
    {
        while (!TrySend(frame))
        {
            Task room;
            lock (_gate)
            {
                if (_ended) throw new WebSocketException(WebSocketError.InvalidState, "the connection has ended", Fault);
                _room ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
                room = _room.Task;
                if (HasRoom()) continue;
            }

            await room.WaitAsync(cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>Waits until what was queued before has been handed to the socket, or the connection ended.</summary>
    public Task FlushAsync(CancellationToken cancellationToken = default)
    {
        lock (_gate)
        {
            if (_ended || !_writing) return Task.CompletedTask;
            _flushed ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            return _flushed.Task.WaitAsync(cancellationToken);
        }
    }

    private bool HasRoom()
    {
        if (_ended) return false;
        if (_pending.Length < MaxPendingBytes) return true;
        _refused = true;
        return false;
    }

    // The write is left to the pool instead of being done here: what the caller queues next goes out with it.
    private void StartWriting()
    {
        if (_writing) return;
        _writing = true;
        ThreadPool.UnsafeQueueUserWorkItem(_writer, preferLocal: true);
    }

    private async Task WriteAsync()
    {
        try
        {
            while (TakePending() is { } frames)
            {
                for (var i = 0; i < frames.Messages; i++)
                    await _socket.SendAsync(frames.Message(i), Format.MessageType, endOfMessage: true, CancellationToken.None).ConfigureAwait(false);
                frames.Clear();
            }
        }
        catch (Exception e)
        {
            // Whatever it was, half a message may be on the wire: the connection is over and Fault says why.
            Abort(e);
        }
    }

    private PendingFrames? TakePending()
    {
        bool drained;
        PendingFrames? frames = null;
        lock (_gate)
        {
            drained = _refused;
            _refused = false;
            _room?.TrySetResult();
            _room = null;
            if (_pending.Messages == 0 || _ended)
            {
                _writing = false;
                _flushed?.TrySetResult();
                _flushed = null;
            }
            else
            {
                (frames, _pending, _spare) = (_pending, _spare, _pending);
            }
        }

        if (drained) Drained?.Invoke();
        return frames;
    }

    private sealed class Writer(ImConnection connection) : IThreadPoolWorkItem
    {
        public void Execute() => _ = connection.WriteAsync();
    }
}
