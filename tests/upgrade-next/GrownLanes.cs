using Im.Hosting.Lanes;

namespace Im.Upgrade.Next;

/// <summary>Hands over every batch and envelope with a section that this version does not know (see <see cref="Contracts.Lanes.LaneFormat"/>).</summary>
internal sealed class GrownLanes(RabbitLanes lanes) : IMessageLanes
{
    /// <summary>Number 77, four bytes.</summary>
    private static readonly byte[] Section = [77, 4, 0, 0, 0, (byte)'m', (byte)'o', (byte)'r', (byte)'e'];

    public bool IsUp => lanes.IsUp;

    public event Action? Restored
    {
        add => lanes.Restored += value;
        remove => lanes.Restored -= value;
    }

    public ValueTask<HandOver> SubmitAsync(int shard, ReadOnlyMemory<byte> batch, CancellationToken cancel) =>
        lanes.SubmitAsync(shard, Grown(batch), cancel);

    public ValueTask<HandOver> DeliverAsync(string boot, ReadOnlyMemory<byte> envelope, CancellationToken cancel) =>
        lanes.DeliverAsync(boot, Grown(envelope), cancel);

    public Task<IShardReader> ReadShardAsync(int shard, Func<IShardReader, LaneBatch, ValueTask> onBatch, CancellationToken cancel) => lanes.ReadShardAsync(
        shard,
        (reader, batch) =>
        {
            Tell("batch", batch.Body);
            return onBatch(reader, batch);
        },
        cancel);

    public Task<IAsyncDisposable> ReadNodeAsync(string boot, Func<ReadOnlyMemory<byte>, ValueTask> onEnvelope, CancellationToken cancel) => lanes.ReadNodeAsync(
        boot,
        envelope =>
        {
            Tell("envelope", envelope);
            return onEnvelope(envelope);
        },
        cancel);

    private static byte[] Grown(ReadOnlyMemory<byte> bytes) => [.. bytes.Span, .. Section];

    private static void Tell(string what, ReadOnlyMemory<byte> bytes) =>
        Seen.Once(bytes.Span.EndsWith(Section) ? $"read a grown {what}" : $"read an old {what}");
}
