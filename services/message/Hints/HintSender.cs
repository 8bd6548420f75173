using System.Buffers;
using System.Threading.Channels;
using Im.Contracts.Lanes;
using Im.Hosting.Lanes;
using Im.Hosting.Routes;
using Im.Hosting.Telemetry;
using Route = Im.Hosting.Routes.Route;

namespace Im.Message.Hints;

/// <summary>
/// Tells receipts and typing, beside the path of the messages: nothing there waits for it. One batch at a time, one look at the routes and one envelope per node
/// for each; what cannot be told now is dropped. Who missed a receipt sees it in the list of conversations, or with the next one.
/// </summary>
public sealed partial class HintSender(IMessageLanes lanes, IRouteTable routes, ImMetrics metrics, ILogger<HintSender> log) : BackgroundService
{
    /// <summary>Batches that wait, of up to 2,000 notices each: some 10 MB. When so many do, the next one is dropped.</summary>
    private const int MaxWaiting = 64;

    private readonly Channel<Envelope> _waiting =
        Channel.CreateBounded<Envelope>(
            new BoundedChannelOptions(MaxWaiting) { SingleReader = true, FullMode = BoundedChannelFullMode.DropWrite },
            dropped => metrics.Dropped(dropped.Receipts.Count, dropped.Typings.Count));

    public int Waiting => _waiting.Reader.Count;

    /// <summary>Returns at once.</summary>
    /// <param name="hints">Made by <see cref="HintPlan"/>, for everybody.</param>
    public void Tell(Envelope hints)
    {
        if (hints.Receipts.Count > 0 || hints.Typings.Count > 0) _waiting.Writer.TryWrite(hints);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await foreach (var hints in _waiting.Reader.ReadAllAsync(stoppingToken))
        {
            try
            {
                var users = HintPlan.UsersOf(hints);
                var routesOf = await routes.LookUpAsync(users, stoppingToken);
                var found = new Dictionary<long, IReadOnlyList<Route>>(users.Count);
                for (var i = 0; i < users.Count; i++) found[users[i]] = routesOf[i];
                await Task.WhenAll(HintPlan.Of(hints, user => found[user]).Select(entry => DeliverAsync(entry.Key, entry.Value, stoppingToken)));
            }
            catch (RoutesUnavailableException)
            {
                NotTold(hints);
            }
        }
    }

    private async Task DeliverAsync(string boot, Envelope envelope, CancellationToken cancel)
    {
        var bytes = new ArrayBufferWriter<byte>(4096);
        LaneFormat.Write(bytes, envelope);
        if (await lanes.DeliverAsync(boot, bytes.WrittenMemory, cancel) != HandOver.Taken) NotTold(envelope);
    }

    private void NotTold(Envelope hints)
    {
        metrics.Dropped(hints.Receipts.Count, hints.Typings.Count);
        LogNotTold(hints.Receipts.Count, hints.Typings.Count);
    }

    [LoggerMessage(EventId = 1, Level = LogLevel.Debug, Message = "{Receipts} receipts and {Typings} typing users could not be told")]
    private partial void LogNotTold(int receipts, int typings);
}
