namespace Im.Contracts.Messages;

public enum PresenceSignal
{
    /// <summary>A connection of the user began or ended, or its route is there again: look at the routes.</summary>
    RoutesChanged,

    /// <summary>The user was heard from.</summary>
    Beat,

    /// <summary>The user chose a status on one of his devices.</summary>
    StatusChosen,
}

/// <param name="Status">online, away, busy or invisible; only with <see cref="PresenceSignal.StatusChosen"/>.</param>
/// <param name="DeviceKey">Where it was chosen; only with <see cref="PresenceSignal.StatusChosen"/>.</param>
public sealed record PresenceReport(long UserId, PresenceSignal Signal, string? Status = null, long DeviceKey = 0);

/// <summary>What a gateway saw since the last batch, many users at once.</summary>
public sealed record ReportPresence(string Boot, IReadOnlyList<PresenceReport> Reports);

/// <param name="Status">online, away, busy or offline: what others may see.</param>
/// <param name="LastSeen">Unix milliseconds; null for who was never here, and for who is here.</param>
public sealed record PresenceState(long UserId, string Status, long? LastSeen);

public sealed record GetPresence(IReadOnlyList<long> UserIds);

public sealed record PresenceListed(IReadOnlyList<PresenceState> States);

/// <summary>Event: what others may see of these users is different now.</summary>
public sealed record PresenceChanged(IReadOnlyList<PresenceState> States);
