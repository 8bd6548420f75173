using Im.Hosting.Routes;

namespace Im.Presence.Board;

/// <summary>The records of all users, shared by all instances of presence. One specification test holds both implementations.</summary>
/// <remarks>Any call may fail with <see cref="RoutesUnavailableException"/> while Redis is away.</remarks>
public interface IPresenceBoard
{
    /// <summary>The records in the order asked, <see cref="PresenceRecord.Unknown"/> where there is none.</summary>
    Task<PresenceRecord[]> ReadAsync(IReadOnlyList<long> users, CancellationToken cancel);

    /// <summary>Writes each record unless it changed since it was read: false for those.</summary>
    Task<bool[]> ReplaceAsync(IReadOnlyList<PresenceUpdate> updates, CancellationToken cancel);

    /// <summary>
    /// Users to look at again: those whose change may not have been published, and the next ones in turn of those who are here by their record. At most
    /// <paramref name="limit"/> of each, about.
    /// </summary>
    Task<IReadOnlyList<long>> NextToCheckAsync(int limit, CancellationToken cancel);
}

public static class PresenceBoard
{
    /// <summary>How long it is remembered that others see a user as offline. Afterwards nothing is known of him, and that is the same.</summary>
    public static readonly TimeSpan OfflineMemory = TimeSpan.FromHours(1);
}
