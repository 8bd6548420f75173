using System.Buffers;
using Im.Contracts.Lanes;
using Im.Hosting.Lanes;
using Microsoft.Extensions.Logging.Abstractions;

namespace Im.Hosting.Tests.Lanes;

public sealed class NodeInboxTests
{
    private const int Connections = 4, Each = 2_000;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Handlers_see_one_envelope_at_a_time_also_while_an_old_connection_still_works_off_its_own()
    {
        var (lane, handler) = (new Lane(), new Handler());
        var inbox = new NodeInbox(lane, NodeIdentity.Create("test", ["test"], TimeProvider.System), [handler], NullLogger<NodeInbox>.Instance);
        await inbox.StartAsync(Cancel);
        var bytes = new ArrayBufferWriter<byte>();
        LaneFormat.Write(bytes, Envelope.Empty);
        await Task.WhenAll(Enumerable.Range(0, Connections).Select(_ => Task.Run(
            async () =>
            {
                for (var count = 0; count < Each; count++) await lane.OnEnvelope!(bytes.WrittenMemory);
            },
            Cancel)));
        Assert.Equal((Connections * Each, 1), (handler.Seen, handler.MostAtOnce));
        await inbox.StopAsync(Cancel);
    }

    private sealed class Handler : IEnvelopeHandler
    {
        private int _inside;

        public int Seen { get; private set; }

        public int MostAtOnce { get; private set; }

        public void Handle(Envelope envelope)
        {
            MostAtOnce = Math.Max(MostAtOnce, Interlocked.Increment(ref _inside));
            // Somebody else's turn, if anybody else is let in.
            Thread.Yield();
            Seen++;
            Interlocked.Decrement(ref _inside);
        }
    }

    /// <summary>Keeps what is to be called with what comes.</summary>
    private sealed class Lane : IMessageLanes, IAsyncDisposable
    {
        public Func<ReadOnlyMemory<byte>, ValueTask>? OnEnvelope { get; private set; }

        public bool IsUp => true;

        public event Action? Restored
        {
            add { }
            remove { }
        }

        public Task<IAsyncDisposable> ReadNodeAsync(string boot, Func<ReadOnlyMemory<byte>, ValueTask> onEnvelope, CancellationToken cancel)
        {
            OnEnvelope = onEnvelope;
            return Task.FromResult<IAsyncDisposable>(this);
        }

        public ValueTask<HandOver> SubmitAsync(int shard, ReadOnlyMemory<byte> batch, CancellationToken cancel) => throw new NotSupportedException();

        public ValueTask<HandOver> DeliverAsync(string boot, ReadOnlyMemory<byte> envelope, CancellationToken cancel) => throw new NotSupportedException();

        public Task<IShardReader> ReadShardAsync(int shard, Func<IShardReader, LaneBatch, ValueTask> onBatch, CancellationToken cancel) => throw new NotSupportedException();

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }
}
