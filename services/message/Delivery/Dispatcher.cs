using System.Buffers;
using System.Threading.Channels;
using Im.Contracts.Lanes;
using Im.Hosting.Lanes;
using Im.Hosting.Routes;
using Im.Hosting.Telemetry;
using Im.Message.Commit;
using Route = Im.Hosting.Routes.Route;

namespace Im.Message.Delivery;

/// <summary>What was stored, and the batches that it came from.</summary>
/// <param name="Stored">Timestamp of the end of the commit.</param>
public sealed record Committed(IReadOnlyList<Outcome> Outcomes, IReadOnlyList<PendingBatch> Batches, long Stored);

/// <summary>
/// After the commit, in this order: look at the routes, hand over one envelope per node, and only when those are handed over settle the batches. A crash
/// anywhere before means that the batches come again. Looking at the routes after the commit, while a connecting client registers its route before it
/// reads the log, is what makes a message during a connect be seen by one of the two.
/// </summary>
public sealed partial class Dispatcher(IMessageLanes lanes, IRouteTable routes, ImMetrics metrics, TimeProvider time, ILogger<Dispatcher> log)
    : BackgroundService
{
    /// <summary>Commits that wait for their dispatch; when so many do, the writer waits too.</summary>
    private const int MaxWaiting = 16;

    /// <summary>The writer goes on with it himself where nothing is before it, up to where it has to wait: see <see cref="GroupCommit"/>.</summary>
    private readonly Channel<Committed> _committed = Channel.CreateBounded<Committed>(new BoundedChannelOptions(MaxWaiting) { SingleReader = true, AllowSynchronousContinuations = true });

    private readonly Channel<(Task HandedOver, Committed Committed)> _settling =
        Channel.CreateBounded<(Task, Committed)>(new BoundedChannelOptions(MaxWaiting) { SingleReader = true, AllowSynchronousContinuations = true });

    private volatile bool _withoutRoutes;

    public int Waiting => _committed.Reader.Count;

    /// <summary>Commits whose envelopes are on their way to the broker.</summary>
    public int Settling => _settling.Reader.Count;

    public ValueTask EnqueueAsync(Committed committed, CancellationToken cancel) => _committed.Writer.WriteAsync(committed, cancel);

    /// <summary>Hands over what was stored before the stop. Nobody stores anything more: the writer has stopped before.</summary>
    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        _committed.Writer.TryComplete();
        if (ExecuteTask is { } running)
            await running.WaitAsync(GroupCommit.DrainLimit, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await base.StopAsync(cancellationToken);
    }

    /// <summary>If either stage fails, the process ends: half of it would take batches and never settle one.</summary>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        Task[] stages = [Task.Run(() => DispatchAsync(stoppingToken), stoppingToken), Task.Run(() => SettleAsync(stoppingToken), stoppingToken)];
        await await Task.WhenAny(stages);
        await Task.WhenAll(stages);
    }

    private async Task DispatchAsync(CancellationToken cancel)
    {
        await foreach (var committed in _committed.Reader.ReadAllAsync(cancel))
        {
            var looking = LookUpAsync(committed.Outcomes, cancel);
            // This may be the writer's stack, and routes in memory never wait: the next commit need not wait for this dispatch.
            if (looking.IsCompleted) await Task.Yield();
            var found = await looking;
            var envelopes = DeliveryPlan.Of(committed.Outcomes, user => found.GetValueOrDefault(user, []));
            // Started in order, awaited in the next stage: the following commit need not wait for the broker's confirms.
            var handedOver = envelopes.Select(entry => DeliverAsync(entry.Key, entry.Value, cancel)).ToArray();
            await _settling.Writer.WriteAsync((Task.WhenAll(handedOver), committed), cancel);
        }

        _settling.Writer.Complete();
    }

    private async Task SettleAsync(CancellationToken cancel)
    {
        await foreach (var (handedOver, committed) in _settling.Reader.ReadAllAsync(cancel))
        {
            await handedOver;
            metrics.Dispatched(time.GetElapsedTime(committed.Stored));
            foreach (var last in committed.Batches.GroupBy(batch => batch.Reader).Select(group => group.Last())) await SettleAsync(last, cancel);
        }
    }

    private async Task SettleAsync(PendingBatch last, CancellationToken cancel)
    {
        try
        {
            await last.Reader.SettleAsync(last.Tag, cancel);
        }
        catch (Exception fault) when (fault is not OperationCanceledException || !cancel.IsCancellationRequested)
        {
            // Its lane broke; the batches come again and are recognized.
            LogNotSettled(last.Reader.Shard, fault.Message);
        }
    }

    private async Task<IReadOnlyDictionary<long, IReadOnlyList<Route>>> LookUpAsync(IReadOnlyList<Outcome> outcomes, CancellationToken cancel)
    {
        var users = outcomes.SelectMany(outcome => outcome.Audience.InJoinOrder.Concat(outcome.Notified ?? [])).Distinct().ToArray();
        var found = new Dictionary<long, IReadOnlyList<Route>>(users.Length);
        try
        {
            var routesOf = await routes.LookUpAsync(users, cancel);
            for (var i = 0; i < users.Length; i++) found[users[i]] = routesOf[i];
            _withoutRoutes = false;
        }
        catch (RoutesUnavailableException)
        {
            // The senders still get their answers; recipients find the messages by reconciliation.
            if (!_withoutRoutes) LogWithoutRoutes();
            _withoutRoutes = true;
        }

        return found;
    }

    private async Task DeliverAsync(string boot, Envelope envelope, CancellationToken cancel)
    {
        var bytes = new ArrayBufferWriter<byte>(4096);
        LaneFormat.Write(bytes, envelope);
        var handedOver = await lanes.DeliverAsync(boot, bytes.WrittenMemory, cancel);
        if (handedOver != HandOver.Taken) LogNotDelivered(boot, handedOver);
    }

    [LoggerMessage(EventId = 1, Level = LogLevel.Warning, Message = "routes cannot be read: messages are stored and found by reconciliation until they can")]
    private partial void LogWithoutRoutes();

    [LoggerMessage(EventId = 3, Level = LogLevel.Information, Message = "batches of shard {Shard} could not be settled and come again: {Reason}")]
    private partial void LogNotSettled(int shard, string reason);

    [LoggerMessage(EventId = 2, Level = LogLevel.Debug, Message = "an envelope for node {Boot} was not taken ({HandedOver}): its messages are in the log")]
    private partial void LogNotDelivered(string boot, HandOver handedOver);
}
