using System.Buffers;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Im.Bench.Xmpp;

/// <summary>Called with each complete stanza, within its receive buffer.</summary>
internal delegate void OnStanza(ref StanzaScan stanza);

/// <summary>
/// One stream over TCP, no more. As <c>ImConnection</c> does: sending puts bytes into a bounded buffer, and what has piled up leaves in one write of a pool thread.
/// One reader at a time; any number of senders.
/// </summary>
internal sealed class XmppConnection(Socket socket) : IThreadPoolWorkItem, IAsyncDisposable
{
    /// <summary>Bytes that may wait for the socket, and of the longest stanza that is understood.</summary>
    public const int MaxPendingBytes = 1 << 18, MaxStanzaBytes = 1 << 15;

    private readonly Lock _gate = new();
    private readonly byte[] _received = new byte[MaxStanzaBytes];
    private ArrayBufferWriter<byte> _pending = new(), _spare = new();
    private Task _write = Task.CompletedTask;
    private int _held;
    private bool _writing;
    private volatile bool _ended;

    /// <summary>Why it broke; null while it is open and when the server ended it.</summary>
    public Exception? Fault { get; private set; }

    public static async Task<XmppConnection> OpenAsync(IPEndPoint server, CancellationToken cancel)
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(server, cancel);
            return new XmppConnection(socket);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    public bool TrySend(string text) => TrySend(Encoding.UTF8.GetBytes(text), [], []);

    /// <summary>Queues the three, one behind the other; false when the buffer is full or the connection has ended.</summary>
    public bool TrySend(ReadOnlySpan<byte> head, ReadOnlySpan<byte> body, ReadOnlySpan<byte> tail)
    {
        lock (_gate)
        {
            if (_ended || _pending.WrittenCount + head.Length + body.Length + tail.Length > MaxPendingBytes) return false;
            _pending.Write(head);
            _pending.Write(body);
            _pending.Write(tail);
            if (_writing) return true;
            _writing = true;
            ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: true);
            return true;
        }
    }

    /// <summary>Gives what has come to <paramref name="take"/>, after waiting for more where no stanza is complete; false when the connection has ended.</summary>
    public async Task<bool> ReceiveAsync(OnStanza take, CancellationToken cancel)
    {
        try
        {
            while (true)
            {
                if (Take(take)) return true;
                if (_held == _received.Length) throw new IOException($"a stanza of more than {MaxStanzaBytes} bytes");
                var read = await socket.ReceiveAsync(_received.AsMemory(_held), cancel);
                if (read == 0) return false;
                _held += read;
            }
        }
        catch (Exception e) when (e is SocketException or IOException or ObjectDisposedException)
        {
            Fault = e;
            return false;
        }
    }

    public async ValueTask DisposeAsync()
    {
        _ended = true;
        socket.Dispose();
        await _write;
    }

    void IThreadPoolWorkItem.Execute() => _write = WriteAsync();

    private async Task WriteAsync()
    {
        try
        {
            while (TakePending() is { } bytes)
            {
                for (var rest = bytes.WrittenMemory; rest.Length > 0;) rest = rest[await socket.SendAsync(rest)..];
                bytes.ResetWrittenCount();
            }
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            // The reader sees the end too, and says so.
            Fault ??= e;
            _ended = true;
        }
    }

    private ArrayBufferWriter<byte>? TakePending()
    {
        lock (_gate)
        {
            if (_pending.WrittenCount == 0 || _ended)
            {
                _writing = false;
                return null;
            }

            (_pending, _spare) = (_spare, _pending);
            return _spare;
        }
    }

    /// <summary>Everything that is complete.</summary>
    private bool Take(OnStanza take)
    {
        var scan = new StanzaScan(_received.AsSpan(0, _held));
        var any = false;
        for (; scan.Next(); any = true) take(ref scan);
        _held -= scan.Consumed;
        if (_held > 0) _received.AsSpan(scan.Consumed, _held).CopyTo(_received);
        return any;
    }
}
