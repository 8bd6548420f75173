using System.Data.Common;
using System.Net.Sockets;
using Im.Contracts;
using Im.Gateway.Connections;
using Im.Gateway.Log;
using Im.Hosting.Lanes;
using Im.Hosting.Nodes;
using Microsoft.Extensions.Options;

namespace Im.Gateway.Outbound;

/// <summary>
/// Compares the heads of the users' conversations with what was sent on each connection. That is what makes envelopes mere hints: whatever was lost, an
/// online device is complete one period and a grace later. What a sweep finds is on its way for the most part, and is read from the log only where it has not come by
/// the end of the grace: under load all those reads would hold up what they are for. After a break of the broker or of the routes they are made at once. What it finds
/// waiting goes into the node's ledger.
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

    /// <summary>Conversations that may wait for the end of the grace; what is beyond is read at once.</summary>
    private const int MaxOverdue = 100_000;

    private static readonly TimeSpan RetryAfter = TimeSpan.FromSeconds(1);
    private readonly List<(ClientConnection Connection, ConversationId Conversation, long Head)> _overdue = [];
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
            var period = TimeSpan.FromSeconds(options.Value.ReconcileSeconds);
            // 5 s of 30: some seconds of load are no loss.
            var grace = period / 6;
            for (var atOnce = false; ;)
            {
                atOnce = atOnce || await _now.WaitAsync(period - grace, stoppingToken);
                while (!await TrySweepAsync(atOnce, stoppingToken)) await Task.Delay(RetryAfter, time, stoppingToken);
                atOnce = await _now.WaitAsync(grace, stoppingToken);
                if (!atOnce) ReadOverdue();
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

    /// <param name="atOnce">Whether what is behind is read now, or by <see cref="ReadOverdue"/> where it still is then.</param>
    /// <returns>False: the log cannot be read.</returns>
    internal async Task<bool> TrySweepAsync(bool atOnce, CancellationToken cancel)
    {
        _overdue.Clear();
        try
        {
            var waiting = new WaitingTally();
            foreach (var users in registry.Users.Chunk(BatchUsers))
            {
                var now = time.GetUtcNow().ToUnixTimeMilliseconds();
                foreach (var head in await log.HeadsAsync(users, cancel))
                {
                    foreach (var connection in registry.OfUser(head.UserId))
                    {
                        var backlog = connection.Reconcile(head.Conversation, head.FromSeq, head.Head, now);
                        waiting.Add(connection, head.Conversation, backlog);
                        if (backlog.Unsent == 0) continue;
                        if (atOnce || _overdue.Count == MaxOverdue) connection.ReadUpTo(head.Conversation, head.Head);
                        else _overdue.Add((connection, head.Conversation, head.Head));
                    }
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

    /// <summary>What the last sweep found and nobody has sent since is read from the log.</summary>
    internal void ReadOverdue()
    {
        foreach (var (connection, conversation, head) in _overdue) connection.ReadUpTo(conversation, head);
        _overdue.Clear();
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
