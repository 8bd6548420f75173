using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Net.WebSockets;
using Im.Protocol;

namespace Im.Bench.Relay;

/// <summary>
/// One socket of the relay. What is ready when it writes goes out as one WebSocket message, as gateways do it. Its outbox has no bound: the window of the load is one.
/// </summary>
[SuppressMessage("Design", "CA1001", Justification = "A semaphore without a wait handle holds nothing.")]
internal sealed class RelayConnection(WebSocket socket, FrameFormat format, RelayRoom room)
{
    private const int ReadBuffer = 64 * 1024;

    private readonly Lock _turn = new();
    private readonly SemaphoreSlim _filled = new(0, 1);
    private readonly List<ParsedFrame> _read = [];
    private ArrayBufferWriter<byte> _next = new(4096), _spare = new(4096);
    private string _user = "";

    public async Task RunAsync(CancellationToken cancel)
    {
        using var over = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        var writing = WriteAsync(over.Token);
        try
        {
            await ReadAsync(cancel);
        }
        catch (Exception broken) when (broken is WebSocketException or OperationCanceledException)
        {
            // The client is gone, which is all that there is to say.
        }
        finally
        {
            room.Leave(_user, this);
            await over.CancelAsync();
            await writing;
        }
    }

    private async Task ReadAsync(CancellationToken cancel)
    {
        var buffer = new byte[ReadBuffer];
        while (true)
        {
            var length = 0;
            ValueWebSocketReceiveResult part;
            do
            {
                part = await socket.ReceiveAsync(buffer.AsMemory(length), cancel);
                length += part.Count;
            }
            while (!part.EndOfMessage);
            if (part.MessageType == WebSocketMessageType.Close) return;
            _read.Clear();
            format.Read(buffer.AsSpan(0, length), _read);
            foreach (var frame in _read) Handle(frame.Frame);
            if (_read is [.., { Frame: ClientFrame.Bye }]) return;
        }
    }

    private void Handle(ClientFrame? frame)
    {
        switch (frame)
        {
            case ClientFrame.Hello hello:
                _user = hello.Session;
                room.Enter(_user, this);
                Send(new ServerFrame.Welcome(_user, "relay", "1", 30, 0, [], "none"), new ServerFrame.Synced());
                break;
            case ClientFrame.Send { To.User: { } other } send:
                Pass(send, other);
                break;
            case ClientFrame.Ping:
                Send(new ServerFrame.Pong(0));
                break;
        }
    }

    private void Pass(ClientFrame.Send send, string other)
    {
        var conversation = room.Between(_user, other);
        lock (conversation.Turn)
        {
            var seq = conversation.Next();
            var id = seq.ToString(CultureInfo.InvariantCulture);
            room.Find(other)?.Send(new ServerFrame.Message(conversation.Id, seq, id, _user, null, send.Body, "text/plain", 0));
            Send(new ServerFrame.Accepted(send.Id, conversation.Id, seq, id, 0));
        }
    }

    private void Send(params ReadOnlySpan<ServerFrame> frames)
    {
        lock (_turn)
        {
            var wasEmpty = _next.WrittenCount == 0;
            foreach (var frame in frames)
            {
                _next.Write(_next.WrittenCount == 0 ? format.Opening : format.Separator);
                format.Write(_next, frame);
            }

            if (wasEmpty) _filled.Release();
        }
    }

    private async Task WriteAsync(CancellationToken cancel)
    {
        try
        {
            while (true)
            {
                await _filled.WaitAsync(cancel);
                ArrayBufferWriter<byte> ready;
                lock (_turn)
                {
                    ready = _next;
                    ready.Write(format.Closing);
                    (_next, _spare) = (_spare, ready);
                }

                await socket.SendAsync(ready.WrittenMemory, format.MessageType, true, cancel);
                ready.ResetWrittenCount();
            }
        }
        catch (Exception broken) when (broken is WebSocketException or OperationCanceledException)
        {
            // As for the reader, who says it.
        }
    }
}
