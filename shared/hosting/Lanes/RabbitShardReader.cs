using Im.Contracts;
using Microsoft.Extensions.Logging;
using RabbitMQ.Client;
using RabbitMQ.Client.Events;

namespace Im.Hosting.Lanes;

/// <summary>
/// A shard read from its queue with a channel of its own. The hand-over closes the channel and never cancels the consumer first: a cancel with deliveries
/// in flight leaves the next reader without work on classic queues (rabbitmq-server#5460) and lets later batches overtake on quorum queues.
/// </summary>
internal sealed partial class RabbitShardReader : IShardReader
{
    /// <summary>
    /// Batches that are taken and not acknowledged: one of each gateway for a hundred gateways, and as many that are stored and wait to be told with others. At most half a MiB each.
    /// </summary>
    private const ushort Prefetch = 256;

    private readonly IChannel _channel;
    private readonly RabbitAcks _acks;
    private readonly ILogger _log;
    private Task? _failure;

    private RabbitShardReader(IChannel channel, int shard, TimeProvider time, ILogger log) =>
        (_channel, _acks, Shard, _log) = (channel, new RabbitAcks(channel, time), shard, log);

    public int Shard { get; }

    public bool IsClosed => _failure is not null || !_channel.IsOpen;

    public static async Task<IShardReader> OpenAsync(
        IConnection connection, int shard, Func<IShardReader, LaneBatch, ValueTask> onBatch, TimeProvider time, ILogger log, CancellationToken cancel)
    {
        var channel = await connection.CreateChannelAsync(cancellationToken: cancel);
        await channel.BasicQosAsync(0, Prefetch, false, cancel);
        var reader = new RabbitShardReader(channel, shard, time, log);
        var consumer = new AsyncEventingBasicConsumer(channel);
        consumer.ReceivedAsync += (_, delivery) =>
            reader.TakeAsync(onBatch, new LaneBatch(delivery.Body.ToArray(), delivery.Redelivered, delivery.DeliveryTag));
        await channel.BasicConsumeAsync(Topology.ShardQueue(shard), autoAck: false, consumer, cancel);
        return reader;
    }

    private async Task TakeAsync(Func<IShardReader, LaneBatch, ValueTask> onBatch, LaneBatch batch)
    {
        if (IsClosed) return;
        try
        {
            await onBatch(this, batch);
        }
        catch (Exception fault)
        {
            // Going on would settle this batch along with the next one. Closing waits for this very call to return, hence not here.
            LogBatchFailed(Shard, fault);
            _failure ??= Task.Run(CloseAsync);
        }
    }

    public ValueTask SettleAsync(ulong tag, CancellationToken cancel) => IsClosed ? ValueTask.CompletedTask : _acks.UpToAsync(tag, cancel);

    public async ValueTask DisposeAsync()
    {
        if (_failure is { } closing) await closing;
        else await CloseAsync();
        await _channel.DisposeAsync();
    }

    private async Task CloseAsync()
    {
        await _acks.DisposeAsync();
        if (_channel.IsOpen) await _channel.AbortAsync();
    }

    [LoggerMessage(EventId = 1, Level = LogLevel.Error, Message = "a batch of shard {Shard} failed: the shard is handed over")]
    private partial void LogBatchFailed(int shard, Exception fault);
}
