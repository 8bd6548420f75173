using System.Collections.Concurrent;
using System.Threading.Channels;
using Microsoft.Extensions.Logging;

namespace Im.Hosting.Lanes;

/// <summary>The lanes of a process that has all modules inside. What waits here is lost with the process: nothing of it was accepted yet.</summary>
public sealed partial class InProcessLanes : IMessageLanes
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(3);
    private readonly ShardQueue[] _shards;
    private readonly ILogger _log;
    private readonly ConcurrentDictionary<string, Channel<ReadOnlyMemory<byte>>> _nodes = new();

    /// <param name="capacity">Batches that wait per shard before <see cref="HandOver.Full"/>, and envelopes per node.</param>
    public InProcessLanes(int shards, ILogger<InProcessLanes> log, int capacity = 10_000)
    {
        _log = log;
        Capacity = capacity;
        _shards = [.. Enumerable.Range(0, shards).Select(_ => new ShardQueue(capacity))];
    }

    public int Capacity { get; }

    /// <summary>Batches that are not settled yet, of all shards.</summary>
    public int WaitingBatches => _shards.Sum(shard => shard.Count);

    public int WaitingEnvelopes => _nodes.Values.Sum(channel => channel.Reader.Count);

    public bool IsUp => true;

    /// <summary>Never raised: memory does not go away alone.</summary>
    public event Action? Restored
    {
        add { }
        remove { }
    }

    public ValueTask<HandOver> SubmitAsync(int shard, ReadOnlyMemory<byte> batch, CancellationToken cancel) =>
        ValueTask.FromResult(_shards[shard].TryAdd(batch.ToArray()) ? HandOver.Taken : HandOver.Full);

    public async ValueTask<HandOver> DeliverAsync(string boot, ReadOnlyMemory<byte> envelope, CancellationToken cancel)
    {
        if (!_nodes.TryGetValue(boot, out var channel)) return HandOver.Unroutable;
        using var limited = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        limited.CancelAfter(Limit);
        try
        {
            await channel.Writer.WriteAsync(envelope.ToArray(), limited.Token);
            return HandOver.Taken;
        }
        catch (OperationCanceledException) when (!cancel.IsCancellationRequested)
        {
            return HandOver.Full;
        }
        catch (ChannelClosedException)
        {
            return HandOver.Unroutable;
        }
    }

    public Task<IShardReader> ReadShardAsync(int shard, Func<IShardReader, LaneBatch, ValueTask> onBatch, CancellationToken cancel) =>
        Task.FromResult<IShardReader>(new Reader(shard, _shards[shard], onBatch, _log));

    public Task<IAsyncDisposable> ReadNodeAsync(string boot, Func<ReadOnlyMemory<byte>, ValueTask> onEnvelope, CancellationToken cancel)
    {
        var channel = Channel.CreateBounded<ReadOnlyMemory<byte>>(Capacity);
        if (!_nodes.TryAdd(boot, channel)) throw new InvalidOperationException("this node is read already");
        return Task.FromResult<IAsyncDisposable>(new NodeReader(this, boot, channel, onEnvelope));
    }

    private sealed class NodeReader : IAsyncDisposable
    {
        private readonly InProcessLanes _lanes;
        private readonly string _boot;
        private readonly Channel<ReadOnlyMemory<byte>> _channel;
        private readonly Task _loop;

        public NodeReader(InProcessLanes lanes, string boot, Channel<ReadOnlyMemory<byte>> channel, Func<ReadOnlyMemory<byte>, ValueTask> onEnvelope)
        {
            (_lanes, _boot, _channel) = (lanes, boot, channel);
            _loop = Task.Run(async () =>
            {
                await foreach (var envelope in channel.Reader.ReadAllAsync())
                {
                    try
                    {
                        await onEnvelope(envelope);
                    }
                    catch (Exception fault)
                    {
                        LogEnvelopeFailed(lanes._log, fault);
                    }
                }
            });
        }

        public async ValueTask DisposeAsync()
        {
            _lanes._nodes.TryRemove(_boot, out _);
            _channel.Writer.TryComplete();
            await _loop;
        }
    }

    /// <summary>Batches in order, with the place up to which they were handed out; the first reader in line is served.</summary>
    private sealed class ShardQueue(int capacity)
    {
        private readonly LinkedList<(ulong Tag, byte[] Body, bool HandedOut)> _batches = new();
        private readonly List<Reader> _line = [];
        private LinkedListNode<(ulong Tag, byte[] Body, bool HandedOut)>? _next;
        private ulong _tag;

        public int Count
        {
            get { lock (_batches) return _batches.Count; }
        }

        public bool TryAdd(byte[] body)
        {
            lock (_batches)
            {
                if (_batches.Count >= capacity) return false;
                var node = _batches.AddLast((++_tag, body, false));
                _next ??= node;
                _line.FirstOrDefault()?.Wake();
                return true;
            }
        }

        public void Join(Reader reader)
        {
            lock (_batches)
            {
                _line.Add(reader);
                _line[0].Wake();
            }
        }

        /// <summary>Out of the line: the next reader begins at the oldest unsettled batch.</summary>
        public void Leave(Reader reader)
        {
            lock (_batches)
            {
                var served = _line.Count > 0 && _line[0] == reader;
                _line.Remove(reader);
                if (served) _next = _batches.First;
                _line.FirstOrDefault()?.Wake();
            }
        }

        public LaneBatch? TryTake(Reader reader)
        {
            lock (_batches)
            {
                if (_next is null || _line.FirstOrDefault() != reader) return null;
                var (tag, body, handedOut) = _next.Value;
                _next.Value = (tag, body, true);
                _next = _next.Next;
                return new LaneBatch(body, handedOut, tag);
            }
        }

        public void Settle(Reader reader, ulong tag)
        {
            lock (_batches)
            {
                if (_line.FirstOrDefault() != reader) return;
                while (_batches.First is { } first && first.Value.Tag <= tag && first.Value.HandedOut) _batches.RemoveFirst();
            }
        }
    }

    private sealed class Reader : IShardReader
    {
        private readonly ShardQueue _queue;
        private readonly ILogger _log;
        private readonly SemaphoreSlim _wake = new(0);
        private readonly CancellationTokenSource _closing = new();
        private readonly Task _loop;
        private int _disposed;

        public Reader(int shard, ShardQueue queue, Func<IShardReader, LaneBatch, ValueTask> onBatch, ILogger log)
        {
            (Shard, _queue, _log) = (shard, queue, log);
            _loop = Task.Run(() => RunAsync(onBatch));
            queue.Join(this);
        }

        public int Shard { get; }

        public bool IsClosed => _closing.IsCancellationRequested;

        public void Wake() => _wake.Release();

        public ValueTask SettleAsync(ulong tag, CancellationToken cancel)
        {
            _queue.Settle(this, tag);
            return ValueTask.CompletedTask;
        }

        private async Task RunAsync(Func<IShardReader, LaneBatch, ValueTask> onBatch)
        {
            while (!IsClosed)
            {
                try
                {
                    await _wake.WaitAsync(_closing.Token);
                }
                catch (OperationCanceledException)
                {
                    return;
                }

                try
                {
                    while (!IsClosed && _queue.TryTake(this) is { } batch) await onBatch(this, batch);
                }
                catch (Exception fault)
                {
                    LogBatchFailed(_log, Shard, fault);
                    await CloseAsync();
                }
            }
        }

        private async Task CloseAsync()
        {
            await _closing.CancelAsync();
            _queue.Leave(this);
        }

        public async ValueTask DisposeAsync()
        {
            if (Interlocked.Exchange(ref _disposed, 1) == 1) return;
            await CloseAsync();
            await _loop;
            _wake.Dispose();
        }
    }

    [LoggerMessage(EventId = 1, Level = LogLevel.Error, Message = "a batch of shard {Shard} failed: the shard is handed over")]
    private static partial void LogBatchFailed(ILogger log, int shard, Exception fault);

    [LoggerMessage(EventId = 2, Level = LogLevel.Error, Message = "an envelope failed: its messages are found in the log")]
    private static partial void LogEnvelopeFailed(ILogger log, Exception fault);
}
