using System.Net.WebSockets;
using Im.Protocol;

namespace Im.Gateway.Connections;

public sealed partial class ClientConnection
{
    /// <summary>A client that takes nothing for so long is closed: its messages are in the log.</summary>
    private static readonly TimeSpan WriteLimit = TimeSpan.FromSeconds(10);

    private readonly Outbox _outbox;
    private readonly SemaphoreSlim _wake = new(0);
    private long _writingSince;
    private TaskCompletionSource? _room;

    public bool IsFull
    {
        get { lock (_lock) return !_outbox.HasRoom; }
    }

    /// <summary>Adds a frame that must not be lost on this connection; where there is no room even for it the client is too slow.</summary>
    public void Send(ServerFrame frame)
    {
        lock (_lock)
        {
            if (_close is null) Add(frame);
        }

        Wake();
    }

    /// <summary>Under the lock.</summary>
    private void Add(ServerFrame frame)
    {
        if (frame is ServerFrame.Rejected rejected) _services.Metrics.Rejected(rejected.Code);
        else if (frame is ServerFrame.Error error) _services.Metrics.Refused(error.Code);
        if (!_outbox.TryAdd(frame)) Abort(CloseCodes.TooSlow);
    }

    /// <summary>There is something to write.</summary>
    public void Wake()
    {
        // More than one waiting release changes nothing: the writer takes all there is.
        if (_wake.CurrentCount == 0) _wake.Release();
    }

    private bool IsWriteStuck()
    {
        var since = Interlocked.Read(ref _writingSince);
        return since != 0 && _services.Time.GetElapsedTime(since) > WriteLimit;
    }

    private async Task WriteAsync()
    {
        try
        {
            while (true)
            {
                await _wake.WaitAsync();
                while (TakeWaiting() is { } waiting)
                {
                    // Frozen until just now: what waits here may be outdated, and another gateway may hold the device.
                    if (_services.Freezes.IsFrozen)
                    {
                        CloseUnwritten();
                        break;
                    }

                    Interlocked.Exchange(ref _writingSince, _services.Time.GetTimestamp());
                    await _socket.SendAsync(waiting, Format.MessageType, true, CancellationToken.None);
                    // A connection that is cut off takes what is written to it and drops it.
                    _cutting.Token.ThrowIfCancellationRequested();
                    Interlocked.Exchange(ref _writingSince, 0);
                    _outbox.Written();
                }

                // What was added meanwhile, the farewell itself, goes out before the close: who added it wakes this again.
                int? code;
                lock (_lock) code = _outbox.IsEmpty ? _close?.Code : null;
                if (code is null) continue;
                if (_socket.State is WebSocketState.Open or WebSocketState.CloseReceived)
                    await _socket.CloseOutputAsync((WebSocketCloseStatus)code, null, CancellationToken.None);
                return;
            }
        }
        catch (WebSocketException fault) when (fault.WebSocketErrorCode == WebSocketError.InvalidState)
        {
            // Cut off; or the reading side has written a close with its own reason and waits for it to arrive: cutting off here would overtake it.
        }
        catch (Exception fault) when (fault is WebSocketException or OperationCanceledException or ObjectDisposedException or IOException)
        {
            // Nobody is there to write to: the reading side ends the connection.
            Abort(CloseCodes.TooSlow);
        }
        finally
        {
            Interlocked.Exchange(ref _writingSince, 0);
            lock (_lock)
            {
                _outbox.Lose();
                _room?.TrySetResult();
            }
        }
    }

    private ReadOnlyMemory<byte>? TakeWaiting()
    {
        lock (_lock)
        {
            if (_outbox.IsEmpty) return null;
            var waiting = _outbox.Take();
            _room?.TrySetResult();
            _room = null;
            return waiting;
        }
    }

    /// <summary>Waits until a read of the log may add more.</summary>
    private Task WhenRoomAsync()
    {
        lock (_lock)
        {
            if (_outbox.HasRoomForReplay || _close is not null) return Task.CompletedTask;
            _room ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            return _room.Task;
        }
    }
}
