namespace Im.Hosting.Lanes;

/// <summary>What became of a batch that was handed over.</summary>
public enum HandOver
{
    /// <summary>It is where it belongs and survives a crash of the sender; on the submit lane it is on the broker's disk.</summary>
    Taken,

    /// <summary>The queue is full: try later.</summary>
    Full,

    /// <summary>No such node any more.</summary>
    Unroutable,

    /// <summary>No answer within the limit: it may or may not be there. Safe to repeat, for the other side deduplicates.</summary>
    Unknown,
}

/// <summary>A batch from a shard's queue. It stays there until settled; whoever comes next gets it again otherwise, in order.</summary>
/// <param name="Redelivered">Somebody had it before and may have committed it: take the careful path.</param>
public sealed record LaneBatch(ReadOnlyMemory<byte> Body, bool Redelivered, ulong Tag);

/// <summary>A shard that this node reads. Disposing it hands the shard over: unsettled batches go to the next reader in their order.</summary>
public interface IShardReader : IAsyncDisposable
{
    int Shard { get; }

    /// <summary>
    /// Settles this batch and all before it. After a crash of the reader or the broker what was settled within the last 100 ms may come again, and after one of
    /// the broker it is not marked as redelivered: whoever commits relies on its own keys.
    /// </summary>
    ValueTask SettleAsync(ulong tag, CancellationToken cancel);

    /// <summary>True once nothing comes any more and nothing can be settled (the broker went, or the shard was handed over).</summary>
    bool IsClosed { get; }
}

/// <summary>
/// The message path between nodes: raw bytes, in order per queue, at least once on the way in; best effort on the way out, where the log is the truth.
/// RabbitMQ and its twin inside the process keep the same rules under one specification test.
/// </summary>
public interface IMessageLanes
{
    bool IsUp { get; }

    /// <summary>Raised when the lanes work again after a break: envelopes may have been lost meanwhile.</summary>
    event Action? Restored;

    /// <summary>Hands a batch to whoever reads the shard's queue, who takes what is of other shards too; returns within 3 s. Batches of one caller stay in order if it awaits each.</summary>
    ValueTask<HandOver> SubmitAsync(int shard, ReadOnlyMemory<byte> batch, CancellationToken cancel);

    /// <summary>Hands an envelope to a node; returns within 3 s. Calls are started in the order in which they arrive in one queue.</summary>
    ValueTask<HandOver> DeliverAsync(string boot, ReadOnlyMemory<byte> envelope, CancellationToken cancel);

    /// <summary>
    /// Becomes a reader of the shard. Several may be attached: one at a time is served. <paramref name="onBatch"/> runs one batch after the other and
    /// holds back the next ones while it waits. Where it throws, that is logged and the reader closes: this batch and all behind it come again.
    /// </summary>
    /// <remarks>The reader must not be disposed from within <paramref name="onBatch"/>.</remarks>
    Task<IShardReader> ReadShardAsync(int shard, Func<IShardReader, LaneBatch, ValueTask> onBatch, CancellationToken cancel);

    /// <summary>
    /// Reads the envelopes for this node, one after the other, until disposed; survives breaks of the broker by itself. Where
    /// <paramref name="onEnvelope"/> throws, that is logged and the next one comes: what the envelope held is found in the log.
    /// </summary>
    Task<IAsyncDisposable> ReadNodeAsync(string boot, Func<ReadOnlyMemory<byte>, ValueTask> onEnvelope, CancellationToken cancel);
}
