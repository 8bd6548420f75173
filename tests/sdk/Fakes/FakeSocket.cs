using System.Buffers;
using System.Net.WebSockets;
using System.Text;
using System.Threading.Channels;
using Im.Protocol;

namespace Im.Client.Tests;

/// <summary>The server's end of one connection: what the client said, WebSocket message by message and frame by frame, and what the test answers.</summary>
internal sealed class FakeSocket(WebSocket socket, FrameFormat format)
{
    private readonly Channel<ClientFrame> _frames = Channel.CreateUnbounded<ClientFrame>();
    private readonly Channel<string> _messages = Channel.CreateUnbounded<string>();
    private readonly TaskCompletionSource _over = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public FrameFormat Format => format;

    public ClientFrame.Hello? Hello { get; set; }

    /// <summary>Nothing more is read from the client until this completes.</summary>
    public Task Pause { get; set; } = Task.CompletedTask;

    /// <summary>Completes when the client is gone, whichever way.</summary>
    public Task Over => _over.Task.WaitAsync(Soon.Limit);

    public async Task<ClientFrame> FrameAsync() => await _frames.Reader.ReadAsync().AsTask().WaitAsync(Soon.Limit);

    public async Task<T> FrameAsync<T>()
        where T : ClientFrame => Assert.IsType<T>(await FrameAsync());

    /// <summary>The text of the next WebSocket message.</summary>
    public async Task<string> MessageAsync() => await _messages.Reader.ReadAsync().AsTask().WaitAsync(Soon.Limit);

    public bool HasFrame => _frames.Reader.Count > 0;

    /// <summary>Sends frames as one WebSocket message.</summary>
    public async Task SendAsync(params ServerFrame[] frames)
    {
        var message = new ArrayBufferWriter<byte>();
        foreach (var (place, frame) in frames.Index())
        {
            message.Write(place == 0 ? format.Opening : format.Separator);
            format.Write(message, frame);
        }

        message.Write(format.Closing);
        try
        {
            await socket.SendAsync(message.WrittenMemory, format.MessageType, true, CancellationToken.None);
        }
        catch (Exception e) when (IsGone(e))
        {
            // A client that leaves because of this very frame may be gone before the send has ended.
        }
    }

    /// <summary>Sends bytes as one binary WebSocket message.</summary>
    public Task SendRawAsync(byte[] message) => socket.SendAsync(message, WebSocketMessageType.Binary, true, CancellationToken.None);

    public Task AcceptAsync(ClientFrame.Send send, string conversation, long seq) =>
        SendAsync(new ServerFrame.Accepted(send.Id, conversation, seq, $"mid-{seq}", 1000 + seq));

    public Task MessageAsync(string conversation, params long[] seqs) =>
        SendAsync([.. seqs.Select(seq => new ServerFrame.Message(conversation, seq, $"mid-{seq}", "bob", null, Encoding.UTF8.GetBytes($"text {seq}"), Limits.DefaultType, 1000 + seq))]);

    public Task CloseAsync(int code) => socket.CloseOutputAsync((WebSocketCloseStatus)code, null, CancellationToken.None);

    /// <summary>Breaks the connection without a close frame.</summary>
    public void Break() => socket.Abort();

    public async Task ReadAsync()
    {
        var buffer = new byte[Limits.ClientMessageBytes + 1];
        try
        {
            while (await ReadMessageAsync(buffer) is { } length)
            {
                await Pause;
                var parsed = new List<ParsedFrame>();
                format.Read(buffer.AsSpan(0, length), parsed);
                await _messages.Writer.WriteAsync(Encoding.UTF8.GetString(buffer, 0, length));
                foreach (var frame in parsed) await _frames.Writer.WriteAsync(frame.Frame ?? throw new InvalidDataException(frame.Detail));
            }
        }
        catch (Exception e) when (IsGone(e))
        {
            // The test or the client broke the connection.
        }
        finally
        {
            _frames.Writer.TryComplete();
            _messages.Writer.TryComplete();
            _over.TrySetResult();
        }
    }

    private static bool IsGone(Exception e) => e is WebSocketException or OperationCanceledException or IOException or ObjectDisposedException;

    private async Task<int?> ReadMessageAsync(byte[] buffer)
    {
        var length = 0;
        while (true)
        {
            var read = await socket.ReceiveAsync(buffer.AsMemory(length), CancellationToken.None);
            length += read.Count;
            if (read.MessageType == WebSocketMessageType.Close)
            {
                if (socket.State == WebSocketState.CloseReceived) await socket.CloseOutputAsync(WebSocketCloseStatus.NormalClosure, null, CancellationToken.None);
                return null;
            }

            if (read.EndOfMessage) return length;
        }
    }
}
