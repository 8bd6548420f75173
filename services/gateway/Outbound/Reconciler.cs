using System.Data.Common;
using System.Net.Sockets;
using Im.Gateway.Connections;
using Im.Gateway.Log;
using Im.Hosting.Lanes;
using Microsoft.Extensions.Options;

namespace Im.Gateway.Outbound;

/// <summary>
/// Compares the heads of the users' conversations with what was sent on each connection. That is what makes envelopes mere hints: whatever was lost, an
/// online device is complete one period later. All at once after a break of the broker or of the routes.
/// </summary>
public sealed partial class Reconciler(
    ConnectionRegistry registry, LogReader log, IMessageLanes lanes, RouteKeeper routes, IOptions<GatewayOptions> options, TimeProvider time, ILogger<Reconciler> logger)
    : BackgroundService
{
    /// <summary>Users in one query.</summary>
    private const int BatchUsers = 500;

    private static readonly TimeSpan RetryAfter = TimeSpan.FromSeconds(1);
    private readonly SemaphoreSlim _now = new(0);

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
            foreach (var users in registry.Users.Chunk(BatchUsers))
            {
                foreach (var head in await log.HeadsAsync(users, cancel))
                    foreach (var connection in registry.OfUser(head.UserId)) connection.Reconcile(head.Conversation, head.FromSeq, head.Head);
            }

            return true;
        }
        catch (Exception fault) when (fault is DbException or TimeoutException or SocketException)
        {
            LogPutOff(fault.Message);
            return false;
        }
    }

    public override void Dispose()
    {
        _now.Dispose();
        base.Dispose();
    }

    [LoggerMessage(EventId = 1, Level = LogLevel.Debug, Message = "reconciliation is tried again in a second: {Reason}")]
    private partial void LogPutOff(string reason);
}
