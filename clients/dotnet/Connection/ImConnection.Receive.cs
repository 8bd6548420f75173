using System.Buffers;
using System.Net.WebSockets;
using Im.Protocol;

namespace Im.Client;

public sealed partial class ImConnection
{
    private const int FirstBufferBytes = 4 * 1024;

    private byte[] _received = [];

    /// <summary>Waits for the next WebSocket message and adds its frames, in order. False: the connection has ended (see <see cref="CloseCode"/>).</summary>
    /// <remarks>Cancelling a receive breaks the connection: a WebSocket cannot stop in the middle of a message.</remarks>
    public async ValueTask<bool> ReceiveAsync(ICollection<ServerFrame> into, CancellationToken cancellationToken = default)
    {
        var message = await ReceiveRawAsync(cancellationToken).ConfigureAwait(false);
        if (message.IsEmpty) return false;
        try
        {
            Format.Read(message.Span, into);
            return true;
        }
        catch (InvalidDataException e)
        {
            Abort(e);
            return false;
        }
    }

    /// <summary>The bytes of the next WebSocket message, valid until the next call. Empty: the connection has ended.</summary>
    public async ValueTask<ReadOnlyMemory<byte>> ReceiveRawAsync(CancellationToken cancellationToken = default)
    {
        var length = 0;
        try
        {
            while (true)
            {
                if (length == _received.Length && !Grow()) return Refuse();
                var read = await _socket.ReceiveAsync(_received.AsMemory(length), cancellationToken).ConfigureAwait(false);
                if (read.MessageType == WebSocketMessageType.Close) return await ClosedAsync(cancellationToken).ConfigureAwait(false);
                length += read.Count;
                if (read.EndOfMessage && length > 0) return _received.AsMemory(0, length);
            }
        }
        catch (Exception e) when (e is WebSocketException or IOException or ObjectDisposedException or InvalidOperationException)
        {
            Abort(e);
            return default;
        }
        catch (OperationCanceledException e) when (!cancellationToken.IsCancellationRequested)
        {
            Abort(e);
            return default;
        }
    }

    private ReadOnlyMemory<byte> Refuse()
    {
        Abort(new InvalidDataException($"the server sent a WebSocket message of more than {Limits.ServerMessageBytes} bytes"));
        return default;
    }

    private async Task<ReadOnlyMemory<byte>> ClosedAsync(CancellationToken cancellationToken)
    {
        CloseCode = (int?)_socket.CloseStatus;
        if (_socket.State == WebSocketState.CloseReceived)
            await _socket.CloseOutputAsync(WebSocketCloseStatus.NormalClosure, null, cancellationToken).ConfigureAwait(false);
        End(null);
        return default;
    }

    private bool Grow()
    {
        if (_received.Length >= Limits.ServerMessageBytes) return false;
        var bigger = ArrayPool<byte>.Shared.Rent(Math.Max(FirstBufferBytes, _received.Length * 2));
        _received.CopyTo(bigger, 0);
        if (_received.Length > 0) ArrayPool<byte>.Shared.Return(_received);
        _received = bigger;
        return true;
    }
}
