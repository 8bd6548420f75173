using System.Globalization;
using Im.Hosting.Routes;

namespace Im.Presence.Board;

/// <param name="At">Microseconds since 1970 at the gateway that took it: of two choices the later one counts, in whatever order they arrive.</param>
public readonly record struct StatusChoice(ChosenStatus Status, long At);

/// <summary>
/// What the instances of presence know of a user together. Each look at the routes writes a new version, also where nothing changed: whoever looked
/// earlier can then no longer write what he saw, and the last look wins whatever the order of the reports.
/// </summary>
/// <param name="Version">0: nothing is known, and nothing is known to have been published.</param>
/// <param name="Status">What others see.</param>
/// <param name="LastSeen">Since when others see the user as offline, Unix milliseconds; null where they never saw him.</param>
/// <param name="Choice">For as long as the user is here; null means online.</param>
/// <param name="Announced">The change to <paramref name="Status"/> was published.</param>
public sealed record PresenceRecord(long Version, VisibleStatus Status, long? LastSeen, StatusChoice? Choice, bool Announced)
{
    public static readonly PresenceRecord Unknown = new(0, VisibleStatus.Offline, null, null, true);

    /// <summary>With a route when it was written: shown as here, or invisible by choice.</summary>
    public bool IsHere => Status != VisibleStatus.Offline || Choice is not null;

    /// <summary>The record after a look at the routes.</summary>
    /// <param name="choice">What the user chose just now, if he did.</param>
    /// <param name="now">Unix milliseconds.</param>
    /// <param name="again">Publish it even if it is unchanged: an older state may have overtaken it on the way.</param>
    public PresenceRecord Look(IReadOnlyList<Route> routes, StatusChoice? choice, long now, bool again = false)
    {
        var kept = routes.Count == 0 ? null : Later(Choice, choice);
        var status = PresenceView.Of(routes, kept?.Status ?? ChosenStatus.Online);
        var changed = Version == 0 || status != Status;
        var lastSeen = changed && status == VisibleStatus.Offline ? now : LastSeen;
        return new(Version + 1, status, lastSeen, kept, Announced && !changed && !again);
    }

    public PresenceRecord AsAnnounced() => this with { Version = Version + 1, Announced = true };

    public string Text() => string.Create(
        CultureInfo.InvariantCulture,
        $"{Version}:{(int)Status}:{LastSeen}:{(int?)Choice?.Status}:{Choice?.At}:{(Announced ? 1 : 0)}");

    /// <summary>Reads what <see cref="Text"/> wrote.</summary>
    public static PresenceRecord Parse(string? text)
    {
        if (string.IsNullOrEmpty(text)) return Unknown;
        var parts = text.Split(':');
        var choice = parts[3].Length == 0 ? (StatusChoice?)null : new StatusChoice((ChosenStatus)Number(parts[3]), Number(parts[4]));
        return new(Number(parts[0]), (VisibleStatus)Number(parts[1]), parts[2].Length == 0 ? null : Number(parts[2]), choice, parts[5] == "1");
    }

    private static StatusChoice? Later(StatusChoice? one, StatusChoice? other) =>
        one is { } first && other is { } second ? (second.At >= first.At ? second : first) : one ?? other;

    private static long Number(string text) => long.Parse(text, CultureInfo.InvariantCulture);
}

/// <param name="Before">As it was read; somebody else's write in between refuses the update.</param>
public sealed record PresenceUpdate(long UserId, PresenceRecord Before, PresenceRecord After)
{
    /// <summary>The user came into view, went, or changed his status; also where nothing was known before.</summary>
    public bool IsChange => Before.Version == 0 || Before.Status != After.Status;
}
