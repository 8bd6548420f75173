using System.Collections.Concurrent;
using System.Globalization;
using System.Threading.RateLimiting;
using Im.Contracts;
using Im.Hosting.Bus;
using Im.Hosting.Tls;
using Microsoft.Extensions.Logging;
using RabbitMQ.Client;
using RabbitMQ.Client.Events;

namespace Im.Hosting.Lanes;

/// <summary>One life of the two connections to the broker, with the topology declared. Ends as a whole when either of them ends.</summary>
internal sealed partial class RabbitSession : IAsyncDisposable
{
    /// <summary>Batches that wait in a shard's queue before publishers are refused. A gateway that gets no answers sends one in half a second: a hundred of them fill it in 20 s.</summary>
    private const int ShardQueueLength = 4_000;

    /// <summary>Envelopes that wait for a node before the oldest are dropped; their messages are in the log.</summary>
    private const int NodeQueueLength = 20_000;

    /// <summary>Publishes under way at once per channel; ten times as many wait their turn, and beyond them a publish fails at once.</summary>
    private const int Unconfirmed = 1_000;

    /// <summary>A frozen process loses its connections, and so its shards, after two of these.</summary>
    private static readonly TimeSpan Heartbeat = TimeSpan.FromSeconds(5);

    private readonly TaskCompletionSource<string> _closed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    /// <summary>
    /// Part of this session's queue names: of a node of the broker that is lost RabbitMQ 4.2 keeps the exclusive queues, and refuses their names, until it is back
    /// (rabbitmq-server#14573).
    /// </summary>
    private readonly string _life = Guid.NewGuid().ToString("N")[..8];

    private readonly ConcurrentDictionary<string, IChannel> _nodeChannels = new();
    private readonly IConnection _publishing;
    private readonly TimeProvider _time;
    private readonly ILogger _log;

    private RabbitSession(IConnection publishing, IConnection reading, IChannel submits, IChannel deliveries, TimeProvider time, ILogger log)
    {
        (_publishing, Reading, Submits, Deliveries, _time, _log) = (publishing, reading, submits, deliveries, time, log);
        publishing.ConnectionShutdownAsync += OnClosedAsync;
        reading.ConnectionShutdownAsync += OnClosedAsync;
        submits.ChannelShutdownAsync += OnClosedAsync;
        deliveries.ChannelShutdownAsync += OnClosedAsync;
    }

    public IConnection Reading { get; }

    public IChannel Submits { get; }

    public IChannel Deliveries { get; }

    /// <summary>Completes with the reason.</summary>
    public Task<string> Closed => _closed.Task;

    public bool IsOpen => !_closed.Task.IsCompleted;

    public static async Task<RabbitSession> OpenAsync(ImOptions options, NodeIdentity self, ServerTrust trust, TimeProvider time, ILogger log, CancellationToken cancel)
    {
        var factory = new ConnectionFactory
        {
            AutomaticRecoveryEnabled = false,
            TopologyRecoveryEnabled = false,
            RequestedHeartbeat = Heartbeat,
            RequestedConnectionTimeout = TimeSpan.FromSeconds(3),
            ContinuationTimeout = TimeSpan.FromSeconds(5),
        };
        BrokerAddress.Parse(options.Bus!)!.Direct(factory, trust);
        var publishing = await factory.CreateConnectionAsync($"{self.Name} publishing", cancel);
        IConnection? reading = null;
        try
        {
            reading = await factory.CreateConnectionAsync($"{self.Name} reading", cancel);
            var submits = await publishing.CreateChannelAsync(Confirmed(), cancel);
            var deliveries = await publishing.CreateChannelAsync(Confirmed(), cancel);
            await DeclareAsync(submits, options, cancel);
            return new RabbitSession(publishing, reading, submits, deliveries, time, log);
        }
        catch
        {
            await publishing.DisposeAsync();
            if (reading is not null) await reading.DisposeAsync();
            throw;
        }
    }

    public async Task ReadNodeAsync(string boot, Func<ReadOnlyMemory<byte>, ValueTask> onEnvelope, CancellationToken cancel)
    {
        var channel = await Reading.CreateChannelAsync(cancellationToken: cancel);
        var queue = Topology.NodeQueue(boot + _life);
        await channel.QueueDeclareAsync(
            queue, durable: false, exclusive: true, autoDelete: true, new Dictionary<string, object?> { ["x-max-length"] = NodeQueueLength }, cancellationToken: cancel);
        await channel.QueueBindAsync(queue, Topology.DeliverExchange, boot, cancellationToken: cancel);
        await channel.BasicQosAsync(0, 256, false, cancel);
        // The queue goes with the node, so nothing is kept by them: they hold the broker back where this node is slow.
        var acks = new RabbitAcks(channel, _time);
        var consumer = new AsyncEventingBasicConsumer(channel);
        consumer.ReceivedAsync += async (_, delivery) =>
        {
            try
            {
                await onEnvelope(delivery.Body.ToArray());
            }
            catch (Exception fault)
            {
                LogEnvelopeFailed(fault);
            }

            await acks.UpToAsync(delivery.DeliveryTag, CancellationToken.None);
        };
        channel.ChannelShutdownAsync += OnClosedAsync;
        _nodeChannels[boot] = channel;
        await channel.BasicConsumeAsync(queue, autoAck: false, consumer, cancel);
    }

    public async Task StopReadingNodeAsync(string boot)
    {
        if (!_nodeChannels.TryRemove(boot, out var channel)) return;
        channel.ChannelShutdownAsync -= OnClosedAsync;
        await channel.DisposeAsync();
    }

    /// <summary>
    /// Confirmed one by one, with a limiter of each channel's own: the client's default delays every publish by up to a second once 64 are unconfirmed.
    /// </summary>
    private static CreateChannelOptions Confirmed() => new(
        publisherConfirmationsEnabled: true,
        publisherConfirmationTrackingEnabled: true,
        new ConcurrencyLimiter(new ConcurrencyLimiterOptions
        {
            PermitLimit = Unconfirmed,
            QueueLimit = 10 * Unconfirmed,
            QueueProcessingOrder = QueueProcessingOrder.OldestFirst,
        }));

    private static async Task DeclareAsync(IChannel channel, ImOptions options, CancellationToken cancel)
    {
        await channel.ExchangeDeclareAsync(Topology.SubmitExchange, ExchangeType.Direct, durable: true, cancellationToken: cancel);
        await channel.ExchangeDeclareAsync(Topology.DeliverExchange, ExchangeType.Direct, durable: true, cancellationToken: cancel);
        var arguments = new Dictionary<string, object?>
        {
            ["x-single-active-consumer"] = true,
            ["x-max-length"] = ShardQueueLength,
            ["x-overflow"] = "reject-publish",
        };
        if (options.QuorumQueues) arguments["x-queue-type"] = "quorum";
        for (var shard = 0; shard < options.Shards; shard++)
        {
            await channel.QueueDeclareAsync(Topology.ShardQueue(shard), durable: true, exclusive: false, autoDelete: false, arguments, cancellationToken: cancel);
            await channel.QueueBindAsync(
                Topology.ShardQueue(shard), Topology.SubmitExchange, shard.ToString(CultureInfo.InvariantCulture), cancellationToken: cancel);
        }
    }

    private Task OnClosedAsync(object sender, ShutdownEventArgs reason)
    {
        _closed.TrySetResult(reason.ReplyText);
        return Task.CompletedTask;
    }

    public async ValueTask DisposeAsync()
    {
        _closed.TrySetResult("closed");
        try
        {
            await _publishing.DisposeAsync();
        }
        finally
        {
            // Left open it would hold the node's exclusive queue against the next session.
            await Reading.DisposeAsync();
        }
    }

    [LoggerMessage(EventId = 1, Level = LogLevel.Error, Message = "an envelope failed: its messages are found in the log")]
    private partial void LogEnvelopeFailed(Exception fault);
}
