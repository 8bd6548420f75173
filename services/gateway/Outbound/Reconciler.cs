using System.Data.Common;
using System.Net.Sockets;
using Im.Gateway.Connections;
using Im.Gateway.Log;
using Im.Hosting.Lanes;
using Im.Hosting.Nodes;
using Microsoft.Extensions.Options;

namespace Im.Gateway.Outbound;

/// <summary>
/// Compares the heads of the users' conversations with what was sent on each connection. That is what makes envelopes mere hints: whatever was lost, an
/// online device is complete one period later. All at once after a break of the broker or of the routes. What it finds waiting goes into the node's ledger.
/// </summary>
public sealed partial class Reconciler(
    ConnectionRegistry registry,
    LogReader log,
    IMessageLanes lanes,
    RouteKeeper routes,
    NodeLedger ledger,
    IOptions<GatewayOptions> options,
    TimeProvider time,
    ILogger<Reconciler> logger)
    : BackgroundService
{
    /// <summary>Users in one query.</summary>
    private const int BatchUsers = 500;

    private static readonly TimeSpan RetryAfter = TimeSpan.FromSeconds(1);
    private readonly SemaphoreSlim _now = new(0);
    private long _unsent, _unacknowledged;

    /// <summary>How long some device has waited for a message to be given to its connection, as of the last sweep; counted from the sweep that saw it first.</summary>
    public long SecondsUnsent => Interlocked.Read(ref _unsent);

    /// <summary>The same for a message that a connection was given and whose device has not acknowledged it.</summary>
    public long SecondsUnacknowledged => Interlocked.Read(ref _unacknowledged);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        lanes.Restored += Request;
        routes.Renewed += Request;
        try
        {
            while (true)
            {
                await _now.WaitAsync(TimeSpan.FromSeconds(options.Value.ReconcileSeconds), stoppingToken);
                while (!await TrySweepAsync(stoppingToken)) await Task.Delay(RetryAfter, time, stoppingToken);
            }
        }
        finally
        {
            lanes.Restored -= Request;
            routes.Renewed -= Request;
        }
    }

    private void Request()
    {
        if (_now.CurrentCount == 0) _now.Release();
    }

    private async Task<bool> TrySweepAsync(CancellationToken cancel)
    {
        try
        {
            var waiting = new WaitingTally();
            foreach (var users in registry.Users.Chunk(BatchUsers))
            {
                var now = time.GetUtcNow().ToUnixTimeMilliseconds();
                foreach (var head in await log.HeadsAsync(users, cancel))
                {
                    foreach (var connection in registry.OfUser(head.UserId))
                        waiting.Add(connection, head.Conversation, connection.Reconcile(head.Conversation, head.FromSeq, head.Head, now));
                }
            }

            await TellAsync(waiting, cancel);
            return true;
        }
        catch (Exception fault) when (fault is DbException or TimeoutException or SocketException)
        {
            LogPutOff(fault.Message);
            return false;
        }
    }

    private async Task TellAsync(WaitingTally waiting, CancellationToken cancel)
    {
        var times = await log.TimesAsync([.. waiting.Longest.Select(one => (one.Conversation, one.Backlog.FirstSeq))], cancel);
        var now = time.GetUtcNow().ToUnixTimeMilliseconds();
        Interlocked.Exchange(ref _unsent, waiting.SecondsUnsent(now));
        Interlocked.Exchange(ref _unacknowledged, waiting.SecondsUnacknowledged(now));
        ledger.Swept(new OnlineBacklog(
            now, registry.Connections ?? 0, waiting.Unsent, waiting.Unacknowledged, waiting.OldestBy(times)));
    }

    public override void Dispose()
    {
        _now.Dispose();
        base.Dispose();
    }

    [LoggerMessage(EventId = 1, Level = LogLevel.Debug, Message = "reconciliation is tried again in a second: {Reason}")]
    private partial void LogPutOff(string reason);
}
