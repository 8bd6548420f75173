using System.Buffers;
using System.Net;
using System.Net.Sockets;

namespace Im.Bench.Xmpp;

/// <summary>Called with each complete stanza, within its receive buffer.</summary>
internal delegate void OnStanza(ref StanzaScan stanza);

/// <summary>One stream over TCP whose calls never wait. One thread reads; any may write.</summary>
internal sealed class XmppConnection : IDisposable
{
    /// <summary>Bytes that may wait for the socket, and of the longest stanza that is understood.</summary>
    public const int MaxPendingBytes = 1 << 18, MaxStanzaBytes = 1 << 15;

    private readonly Socket _socket;
    private readonly Lock _gate = new();
    private readonly byte[] _received = new byte[MaxStanzaBytes];
    private readonly ArrayBufferWriter<byte> _pending = new();
    private int _held, _sent;
    private volatile bool _isBlocked, _isPending;

    private XmppConnection(Socket socket) => _socket = socket;

    /// <summary>Number of the open file.</summary>
    public int File => (int)_socket.Handle;

    /// <summary>Something waits until the socket takes more.</summary>
    public bool IsBlocked => _isBlocked;

    /// <summary>Why it ended; null while it is open.</summary>
    public string? Fault { get; private set; }

    /// <summary>The server is on this machine: it is connected or refused at once.</summary>
    /// <exception cref="IOException">It is refused.</exception>
    public static XmppConnection Open(IPEndPoint server)
    {
        // Never an asynchronous call on it: after the first one the runtime's own thread wakes up for all that comes, too.
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            socket.Connect(server);
            socket.Blocking = false;
            return new XmppConnection(socket);
        }
        catch (SocketException e)
        {
            socket.Dispose();
            throw new IOException($"{server}: {e.Message}", e);
        }
    }

    /// <summary>Keeps the three, one behind the other, for <see cref="Flush"/>; false when there is no room or the connection has ended.</summary>
    public bool TryQueue(ReadOnlySpan<byte> head, ReadOnlySpan<byte> body, ReadOnlySpan<byte> tail)
    {
        lock (_gate)
        {
            if (Fault is not null || _pending.WrittenCount + head.Length + body.Length + tail.Length > MaxPendingBytes) return false;
            _pending.Write(head);
            _pending.Write(body);
            _pending.Write(tail);
            return _isPending = true;
        }
    }

    /// <summary>Hands to the socket what it takes now.</summary>
    public void Flush()
    {
        // Asked of all connections at each turn, and nearly always so.
        if (!_isPending) return;
        lock (_gate)
        {
            while (_sent < _pending.WrittenCount && Fault is null)
            {
                _sent += _socket.Send(_pending.WrittenSpan[_sent..], SocketFlags.None, out var error);
                _isBlocked = error == SocketError.WouldBlock;
                if (_isBlocked) return;
                if (error != SocketError.Success) Fault = $"{error} as it was written to";
            }

            _pending.ResetWrittenCount();
            (_sent, _isPending) = (0, false);
        }
    }

    /// <summary>Gives all stanzas that are complete now to <paramref name="take"/>; false when the connection has ended.</summary>
    public bool Receive(OnStanza take)
    {
        var read = _socket.Receive(_received.AsSpan(_held), SocketFlags.None, out var error);
        if (error == SocketError.WouldBlock) return true;
        if (error != SocketError.Success || read == 0)
        {
            Fault ??= error == SocketError.Success ? "ended by the server" : $"{error} as it was read from";
            return false;
        }

        var scan = new StanzaScan(_received.AsSpan(0, _held += read));
        while (scan.Next()) take(ref scan);
        _held -= scan.Consumed;
        _received.AsSpan(scan.Consumed, _held).CopyTo(_received);
        if (_held == _received.Length) Fault ??= $"a stanza of more than {MaxStanzaBytes} bytes";
        return Fault is null;
    }

    public void Dispose() => _socket.Dispose();
}
