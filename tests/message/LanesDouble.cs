using System.Collections.Concurrent;
using System.Threading.Channels;
using Im.Contracts.Lanes;
using Im.Hosting.Lanes;

namespace Im.Message.Tests;

/// <summary>Lanes that keep the envelopes handed over, and hold them up when told to.</summary>
public sealed class LanesDouble : IMessageLanes
{
    private readonly Channel<(string Boot, Envelope Envelope)> _handedOver = Channel.CreateUnbounded<(string, Envelope)>();

    /// <summary>What a hand-over waits for before it is answered; asked once per envelope.</summary>
    public Func<string, Task<HandOver>> Answer { get; set; } = _ => Task.FromResult(HandOver.Taken);

    public ChannelReader<(string Boot, Envelope Envelope)> HandedOver => _handedOver.Reader;

    public bool IsUp => true;

    public event Action? Restored
    {
        add { }
        remove { }
    }

    public async ValueTask<HandOver> DeliverAsync(string boot, ReadOnlyMemory<byte> envelope, CancellationToken cancel)
    {
        _handedOver.Writer.TryWrite((boot, LaneFormat.ReadEnvelope(envelope)));
        return await Answer(boot).WaitAsync(cancel);
    }

    public ValueTask<HandOver> SubmitAsync(int shard, ReadOnlyMemory<byte> batch, CancellationToken cancel) => throw new NotSupportedException();

    public Task<IShardReader> ReadShardAsync(int shard, Func<IShardReader, LaneBatch, ValueTask> onBatch, CancellationToken cancel) => throw new NotSupportedException();

    public Task<IAsyncDisposable> ReadNodeAsync(string boot, Func<ReadOnlyMemory<byte>, ValueTask> onEnvelope, CancellationToken cancel) => throw new NotSupportedException();
}

/// <summary>A shard's reader that notes what was settled.</summary>
public sealed class ReaderDouble(int shard = 0) : IShardReader
{
    private readonly ConcurrentQueue<ulong> _all = new();
    private readonly Channel<ulong> _settled = Channel.CreateUnbounded<ulong>();

    public int Shard => shard;

    public bool IsClosed { get; set; }

    /// <summary>Every tag that was settled so far.</summary>
    public IReadOnlyCollection<ulong> Settled => _all;

    public ValueTask SettleAsync(ulong tag, CancellationToken cancel)
    {
        _all.Enqueue(tag);
        return _settled.Writer.WriteAsync(tag, cancel);
    }

    /// <summary>Returns when this tag, or a later one, is settled.</summary>
    public async Task UntilSettledAsync(ulong tag)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        limit.CancelAfter(TimeSpan.FromSeconds(30));
        while (await _settled.Reader.ReadAsync(limit.Token) < tag)
        {
        }
    }

    public ValueTask DisposeAsync()
    {
        IsClosed = true;
        return ValueTask.CompletedTask;
    }
}

/// <summary>A clock whose waits end at once.</summary>
public sealed class ImpatientTime : TimeProvider
{
    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) =>
        base.CreateTimer(callback, state, dueTime > TimeSpan.Zero ? TimeSpan.Zero : dueTime, period);
}
