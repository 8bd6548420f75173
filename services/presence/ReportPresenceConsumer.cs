using Im.Contracts.Messages;
using Im.Hosting.Routes;
using Im.Hosting.Telemetry;
using Im.Presence.Board;
using Im.Presence.Seen;
using MassTransit;

namespace Im.Presence;

/// <summary>
/// Takes what gateways saw. While Redis is away the reports are dropped and counted: kept ones would be old when it is back, and then every gateway
/// registers its routes anew and reports all its users.
/// </summary>
public sealed partial class ReportPresenceConsumer(PresenceRefresh refresh, BeatGate beats, ImMetrics metrics, TimeProvider time, ILogger<ReportPresenceConsumer> log)
    : IConsumer<ReportPresence>
{
    public async Task Consume(ConsumeContext<ReportPresence> context)
    {
        var sent = context.SentTime ?? time.GetUtcNow().UtcDateTime;
        // Choices in one batch are in order; a microsecond apart they stay so.
        var at = (sent.Ticks - DateTime.UnixEpoch.Ticks) / TimeSpan.TicksPerMicrosecond;
        var looks = new List<Look>();
        foreach (var report in context.Message.Reports)
        {
            if (report.Signal == PresenceSignal.RoutesChanged) looks.Add(new Look(report.UserId));
            else if (report.Signal == PresenceSignal.Beat) beats.Note(report.UserId);
            else if (PresenceView.Parse(report.Status) is { } status) looks.Add(new Look(report.UserId, [new StatusChoice(report.DeviceKey, status, at++)]));
            else LogUnknownStatus(context.Message.Boot);
        }

        try
        {
            await refresh.LookAsync(looks, context.CancellationToken);
        }
        catch (RoutesUnavailableException)
        {
            // That Redis is away was said when it went.
            metrics.PresenceDropped(looks.Count);
        }
    }

    [LoggerMessage(EventId = 1, Level = LogLevel.Warning, Message = "gateway {Boot} reported a status that is unknown here: is it of a newer version?")]
    private partial void LogUnknownStatus(string boot);
}
