using System.Collections.Concurrent;
using Im.Contracts;
using Im.Hosting.Health;
using Im.Hosting.Tls;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using RabbitMQ.Client;
using RabbitMQ.Client.Exceptions;

namespace Im.Hosting.Lanes;

/// <summary>
/// The lanes over RabbitMQ. Publishing and reading have a connection each, for a broker under alarm blocks a whole connection, acknowledgements with it.
/// The client's own recovery is off: a break ends everything of that session and the next one begins from the topology on, so nothing half-recovers.
/// </summary>
public sealed partial class RabbitLanes(
    IOptions<ImOptions> options, NodeIdentity self, Dependencies dependencies, ServerTrust trust, TimeProvider time, ILogger<RabbitLanes> log)
    : BackgroundService, IMessageLanes
{
    /// <summary>What cannot be handed over within this is answered as not taken; a broker that pauses never says no.</summary>
    public static readonly TimeSpan Limit = TimeSpan.FromSeconds(3);

    private static readonly TimeSpan RetryAfter = TimeSpan.FromMilliseconds(500);
    private readonly ConcurrentDictionary<string, Func<ReadOnlyMemory<byte>, ValueTask>> _nodes = new();
    private readonly SemaphoreSlim _changing = new(1, 1);
    private volatile RabbitSession? _session;

    public bool IsUp => _session is { IsOpen: true };

    public event Action? Restored;

    public ValueTask<HandOver> SubmitAsync(int shard, ReadOnlyMemory<byte> batch, CancellationToken cancel) =>
        PublishAsync(session => session.Submits, Topology.SubmitExchange, Topology.ShardKey(shard), persistent: true, batch, cancel);

    public ValueTask<HandOver> DeliverAsync(string boot, ReadOnlyMemory<byte> envelope, CancellationToken cancel) =>
        PublishAsync(session => session.Deliveries, Topology.DeliverExchange, boot, persistent: false, envelope, cancel);

    public async Task<IShardReader> ReadShardAsync(int shard, Func<IShardReader, LaneBatch, ValueTask> onBatch, CancellationToken cancel)
    {
        var session = _session ?? throw new InvalidOperationException("the broker does not answer");
        return await RabbitShardReader.OpenAsync(session.Reading, shard, onBatch, time, log, cancel);
    }

    public async Task<IAsyncDisposable> ReadNodeAsync(string boot, Func<ReadOnlyMemory<byte>, ValueTask> onEnvelope, CancellationToken cancel)
    {
        await _changing.WaitAsync(cancel);
        try
        {
            if (!_nodes.TryAdd(boot, onEnvelope)) throw new InvalidOperationException("this node is read already");
            if (_session is { IsOpen: true } session) await session.ReadNodeAsync(boot, onEnvelope, cancel);
            return new NodeReader(this, boot);
        }
        catch (OperationInterruptedException)
        {
            // The session broke in between; the next one reads the node.
            return new NodeReader(this, boot);
        }
        finally
        {
            _changing.Release();
        }
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        dependencies.Expect(Dependency.Broker);
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await using var session = await RabbitSession.OpenAsync(options.Value, self, trust, time, log, stoppingToken);
                await BeginAsync(session, stoppingToken);
                dependencies.Report(Dependency.Broker, true);
                Restored?.Invoke();
                var reason = await session.Closed.WaitAsync(stoppingToken);
                dependencies.Report(Dependency.Broker, false, reason);
            }
            catch (Exception fault) when (fault is not OperationCanceledException || !stoppingToken.IsCancellationRequested)
            {
                dependencies.Report(Dependency.Broker, false, FaultCause.Of(fault));
            }
            finally
            {
                _session = null;
            }

            await Task.Delay(RetryAfter, time, stoppingToken);
        }
    }

    /// <summary>A node that is added meanwhile waits: it must be read by this session, and only once.</summary>
    private async Task BeginAsync(RabbitSession session, CancellationToken cancel)
    {
        await _changing.WaitAsync(cancel);
        try
        {
            foreach (var (boot, onEnvelope) in _nodes) await session.ReadNodeAsync(boot, onEnvelope, cancel);
            _session = session;
        }
        finally
        {
            _changing.Release();
        }
    }

    public override void Dispose()
    {
        _changing.Dispose();
        base.Dispose();
    }

    private async ValueTask<HandOver> PublishAsync(
        Func<RabbitSession, IChannel> channelOf, string exchange, string key, bool persistent, ReadOnlyMemory<byte> body, CancellationToken cancel)
    {
        if (_session is not { } session) return HandOver.Unknown;
        using var limited = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        limited.CancelAfter(Limit);
        try
        {
            await channelOf(session).BasicPublishAsync(exchange, key, mandatory: true, new BasicProperties { Persistent = persistent }, body, limited.Token).AsTask().WaitAsync(Limit, cancel);
            return HandOver.Taken;
        }
        catch (PublishException refused)
        {
            return refused.IsReturn ? HandOver.Unroutable : HandOver.Full;
        }
        catch (Exception fault) when (fault is not OperationCanceledException || !cancel.IsCancellationRequested)
        {
            LogNotHandedOver(exchange, fault.GetType().Name);
            return HandOver.Unknown;
        }
    }

    private sealed class NodeReader(RabbitLanes lanes, string boot) : IAsyncDisposable
    {
        public async ValueTask DisposeAsync()
        {
            lanes._nodes.TryRemove(boot, out _);
            if (lanes._session is { } session) await session.StopReadingNodeAsync(boot);
        }
    }

    [LoggerMessage(EventId = 1, Level = LogLevel.Warning, Message = "nothing handed over to {Exchange}: {Fault}")]
    private partial void LogNotHandedOver(string exchange, string fault);
}
