using System.IO.Pipelines;
using System.Net;
using System.Net.WebSockets;
using System.Security.Cryptography;
using System.Text;
using System.Threading.Channels;
using Im.Protocol;

namespace Im.Client.Tests;

/// <summary>
/// A gateway without a network: it answers the upgrade of a WebSocket with a pair of pipes. What a test sees through it is the client's own memory,
/// not that of sockets and a server. Give it to <see cref="ImClientOptions.Handler"/>.
/// </summary>
internal sealed class MemoryGateway : HttpMessageHandler
{
    private readonly Channel<FakeSocket> _sockets = Channel.CreateUnbounded<FakeSocket>();
    private FakeSocket? _last;

    /// <summary>The client's end of every connection so far: dead once nothing of the client holds on to it.</summary>
    public List<WeakReference> Connections { get; } = [];

    public async Task<FakeSocket> WelcomeAsync()
    {
        var socket = await _sockets.Reader.ReadAsync().AsTask().WaitAsync(Soon.Limit);
        socket.Hello = Assert.IsType<ClientFrame.Hello>(await socket.FrameAsync());
        await socket.SendAsync(new ServerFrame.Welcome("me", "device-1", "connection-1", 25, 0, [], "log-1"));
        return socket;
    }

    /// <summary>Breaks what is open, so that no client waits for an answer to its goodbye.</summary>
    protected override void Dispose(bool disposing)
    {
        _last?.Break();
        base.Dispose(disposing);
    }

    protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var (up, down) = (new Pipe(), new Pipe());
        var client = new TwoPipes(down.Reader, up.Writer);
        Connections.Add(new WeakReference(client));
        var format = FrameFormat.Find(request.Headers.GetValues("Sec-WebSocket-Protocol").Single())!;
        var server = WebSocket.CreateFromStream(
            new TwoPipes(up.Reader, down.Writer),
            new WebSocketCreationOptions { IsServer = true, SubProtocol = format.Subprotocol, KeepAliveInterval = Timeout.InfiniteTimeSpan });
        var socket = new FakeSocket(server, format);
        _last = socket;
        _sockets.Writer.TryWrite(socket);
        _ = ReadAsync(socket, server);
        var answer = new HttpResponseMessage(HttpStatusCode.SwitchingProtocols) { Content = new Upgraded(client) };
        answer.Headers.TryAddWithoutValidation("Connection", "Upgrade");
        answer.Headers.TryAddWithoutValidation("Upgrade", "websocket");
        answer.Headers.TryAddWithoutValidation("Sec-WebSocket-Accept", AcceptOf(request.Headers.GetValues("Sec-WebSocket-Key").Single()));
        answer.Headers.TryAddWithoutValidation("Sec-WebSocket-Protocol", format.Subprotocol);
        return Task.FromResult(answer);
    }

    private static async Task ReadAsync(FakeSocket socket, WebSocket server)
    {
        await socket.ReadAsync();
        server.Dispose();
    }

    // RFC 6455, section 4.2.2: SHA-1 and this text are what the protocol says.
#pragma warning disable CA5350
    private static string AcceptOf(string key) =>
        Convert.ToBase64String(SHA1.HashData(Encoding.ASCII.GetBytes(key + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11")));
#pragma warning restore CA5350

    private sealed class Upgraded(Stream stream) : HttpContent
    {
        protected override Stream CreateContentReadStream(CancellationToken cancellationToken) => stream;

        protected override Task<Stream> CreateContentReadStreamAsync() => Task.FromResult(stream);

        protected override Task SerializeToStreamAsync(Stream target, TransportContext? context) => stream.CopyToAsync(target);

        protected override bool TryComputeLength(out long length)
        {
            length = 0;
            return false;
        }
    }

    private sealed class TwoPipes(PipeReader reader, PipeWriter writer) : Stream
    {
        public override bool CanRead => true;

        public override bool CanWrite => true;

        public override bool CanSeek => false;

        public override long Length => throw new NotSupportedException();

        public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

        public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            var read = await reader.ReadAsync(cancellationToken);
            // Cancelled: this end was disposed.
            if (read.IsCanceled) throw new IOException("the pipe was closed");
            var count = (int)Math.Min(read.Buffer.Length, buffer.Length);
            var taken = read.Buffer.Slice(0, count);
            var rest = buffer.Span;
            foreach (var part in taken)
            {
                part.Span.CopyTo(rest);
                rest = rest[part.Length..];
            }

            reader.AdvanceTo(taken.End);
            return count;
        }

        public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
        {
            if ((await writer.WriteAsync(buffer, cancellationToken)).IsCompleted) throw new IOException("nobody reads");
        }

        protected override void Dispose(bool disposing)
        {
            reader.CancelPendingRead();
            writer.Complete();
            base.Dispose(disposing);
        }

        public override Task FlushAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public override void Flush()
        {
        }

        public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
    }
}
