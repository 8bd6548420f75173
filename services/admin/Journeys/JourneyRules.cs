using Im.Contracts.Messages;

namespace Im.Admin.Journeys;

/// <summary>What is known of a message and one device.</summary>
/// <param name="IsAcknowledged">By the device's stored cursor.</param>
/// <param name="IsNewer">The device was made after the message: its cursor began where the user's other devices were.</param>
/// <param name="IsRemoved">The member was removed after the message.</param>
/// <param name="Live">What the device's connection says; null where no gateway that answered has one.</param>
/// <param name="HasRoute">The route table knows where the device is.</param>
/// <param name="AreRoutesKnown">False while the routes cannot be read.</param>
/// <param name="IsHidden">Its connection, if it has one, is or may be on a gateway that did not answer.</param>
/// <param name="WasSent">A connection of it that has ended was given the message.</param>
public sealed record DeviceFacts(
    bool IsAcknowledged, bool IsNewer, bool IsRemoved, MessageStand? Live, bool HasRoute, bool AreRoutesKnown, bool IsHidden, bool WasSent);

/// <summary>How a message stands with a device or a member, and why it is not acknowledged. Pure.</summary>
public static class JourneyRules
{
    public const string Acknowledged = "acknowledged", Sent = "sent", Waiting = "waiting", Removed = "removed";

    /// <summary>Why, as operators read it.</summary>
    public const string NewerDevice = "newer_device",
        ByConnection = "by_connection",
        HeldByClient = "held_by_client",
        NotAcknowledged = "not_acknowledged",
        ClientDoesNotRead = "client_does_not_read",
        OutboxFull = "outbox_full",
        ReadingLog = "reading_log",
        Replaying = "replaying",
        NotAnnounced = "not_announced",
        NoRoute = "no_route",
        GatewaySilent = "gateway_silent",
        OfflineUnacknowledged = "offline_unacknowledged",
        Offline = "offline",
        NoSessions = "no_sessions";

    public static readonly string[] States = [Acknowledged, Sent, Waiting, Removed];

    public static readonly string[] Reasons =
    [
        NewerDevice, ByConnection, HeldByClient, NotAcknowledged, ClientDoesNotRead, OutboxFull, ReadingLog, Replaying, NotAnnounced, NoRoute, GatewaySilent,
        OfflineUnacknowledged, Offline, NoSessions,
    ];

    public static (string State, string? Reason) OfDevice(DeviceFacts facts) => facts switch
    {
        { IsAcknowledged: true } => (Acknowledged, facts.IsNewer ? NewerDevice : null),
        { Live: MessageStand.Acknowledged } => (Acknowledged, ByConnection),
        { Live: MessageStand.Held } => (Acknowledged, HeldByClient),
        { IsRemoved: true } => (Removed, null),
        { Live: MessageStand.Sent } => (Sent, NotAcknowledged),
        { Live: MessageStand.SentUnread } => (Sent, ClientDoesNotRead),
        { Live: MessageStand.OutboxFull } => (Waiting, OutboxFull),
        { Live: MessageStand.ReadingLog } => (Waiting, ReadingLog),
        { Live: MessageStand.Replaying } => (Waiting, Replaying),
        // On a connection that nobody finds no envelope comes; on one that is found the envelope is on its way or was lost.
        { Live: MessageStand.Unannounced } => (Waiting, facts is { AreRoutesKnown: true, HasRoute: true } ? NotAnnounced : NoRoute),
        { IsHidden: true } => (Waiting, GatewaySilent),
        { WasSent: true } => (Waiting, OfflineUnacknowledged),
        _ => (Waiting, Offline),
    };

    /// <param name="devices">The states of his devices with a live session.</param>
    /// <param name="hasAcknowledged">Some device of his did, which may have logged out since.</param>
    public static (string State, string? Reason) OfMember(IReadOnlyList<string> devices, bool hasAcknowledged, bool isRemoved) => devices switch
    {
        _ when isRemoved => (hasAcknowledged ? Acknowledged : Removed, null),
        [] => (hasAcknowledged ? Acknowledged : Waiting, NoSessions),
        _ when devices.Contains(Waiting) => (Waiting, null),
        _ when devices.Contains(Sent) => (Sent, null),
        _ => (Acknowledged, null),
    };
}
