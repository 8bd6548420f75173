using System.Globalization;
using Im.Hosting.Routes;

namespace Im.Presence.Board;

/// <param name="At">Microseconds since 1970 at the gateway that took it: of two of a device the later one counts, in whatever order they arrive.</param>
public readonly record struct StatusChoice(long DeviceKey, ChosenStatus Status, long At);

/// <summary>
/// What the instances of presence know of a user together. Each look at the routes writes a new version, also where nothing changed: whoever looked
/// earlier can then no longer write what he saw, and the last look wins whatever the order of the reports.
/// </summary>
/// <param name="Version">0: nothing is known, and nothing is known to have been published.</param>
/// <param name="Status">What others see.</param>
/// <param name="LastSeen">Since when others see the user as offline, Unix milliseconds; null where they never saw him.</param>
/// <param name="Choices">At most one for each device, for as long as it is here; without one it is online. By device.</param>
/// <param name="Announced">The change to <paramref name="Status"/> was published.</param>
public sealed record PresenceRecord(long Version, VisibleStatus Status, long? LastSeen, IReadOnlyList<StatusChoice> Choices, bool Announced)
{
    public static readonly PresenceRecord Unknown = new(0, VisibleStatus.Offline, null, [], true);

    /// <summary>With a route when it was written: shown as here, or invisible by choice.</summary>
    public bool IsHere => Status != VisibleStatus.Offline || Choices.Count > 0;

    /// <summary>The record after a look at the routes.</summary>
    /// <param name="chosen">What the user chose just now, if he did. A choice of a device that is not here is nothing.</param>
    /// <param name="now">Unix milliseconds.</param>
    /// <param name="again">Publish it even if it is unchanged: an older state may have overtaken it on the way.</param>
    public PresenceRecord Look(IReadOnlyList<Route> routes, IReadOnlyList<StatusChoice> chosen, long now, bool again = false)
    {
        var kept = Choices.Concat(chosen)
            .Where(choice => routes.Any(route => route.DeviceKey == choice.DeviceKey))
            .GroupBy(choice => choice.DeviceKey)
            .Select(ofDevice => ofDevice.Aggregate((one, other) => other.At >= one.At ? other : one))
            .OrderBy(choice => choice.DeviceKey)
            .ToList();
        // Devices without a choice are online.
        var statuses = kept.Select(choice => choice.Status).Concat(Enumerable.Repeat(ChosenStatus.Online, routes.Count - kept.Count));
        var status = PresenceView.Of([.. statuses]);
        var changed = Version == 0 || status != Status;
        var lastSeen = changed && status == VisibleStatus.Offline ? now : LastSeen;
        return new(Version + 1, status, lastSeen, kept, Announced && !changed && !again);
    }

    public PresenceRecord AsAnnounced() => this with { Version = Version + 1, Announced = true };

    public string Text() => string.Create(
        CultureInfo.InvariantCulture,
        $"{Version}:{(int)Status}:{LastSeen}:{string.Join(',', Choices.Select(ChoiceText))}:{(Announced ? 1 : 0)}");

    /// <summary>Reads what <see cref="Text"/> wrote.</summary>
    public static PresenceRecord Parse(string? text)
    {
        if (string.IsNullOrEmpty(text)) return Unknown;
        var parts = text.Split(':');
        var choices = parts[3].Split(',', StringSplitOptions.RemoveEmptyEntries).Select(ParseChoice).ToList();
        return new(Number(parts[0]), (VisibleStatus)Number(parts[1]), parts[2].Length == 0 ? null : Number(parts[2]), choices, parts[4] == "1");
    }

    /// <summary>By content: the choices are a list.</summary>
    public bool Equals(PresenceRecord? other) => ReferenceEquals(this, other) || (other is not null && Text() == other.Text());

    public override int GetHashCode() => Text().GetHashCode(StringComparison.Ordinal);

    private static string ChoiceText(StatusChoice choice) => string.Create(CultureInfo.InvariantCulture, $"{choice.DeviceKey}={(int)choice.Status}={choice.At}");

    private static StatusChoice ParseChoice(string text)
    {
        var parts = text.Split('=');
        return new(Number(parts[0]), (ChosenStatus)Number(parts[1]), Number(parts[2]));
    }

    private static long Number(string text) => long.Parse(text, CultureInfo.InvariantCulture);
}

/// <param name="Before">As it was read; somebody else's write in between refuses the update.</param>
public sealed record PresenceUpdate(long UserId, PresenceRecord Before, PresenceRecord After)
{
    /// <summary>The user came into view, went, or changed his status; also where nothing was known before.</summary>
    public bool IsChange => Before.Version == 0 || Before.Status != After.Status;
}
