namespace Im.Presence;

/// <summary>What a user may say of himself.</summary>
public enum ChosenStatus
{
    Online = 0,
    Away = 1,
    Busy = 2,
    Invisible = 3,
}

/// <summary>What others may see.</summary>
public enum VisibleStatus
{
    Offline = 0,
    Online = 1,
    Away = 2,
    Busy = 3,
}

/// <summary>
/// The decision what others see, from nothing but what the user chose on each device that is here: of several the most available, and who is invisible on
/// any of them cannot be told from who is not here. Nobody is seen because of a second device after he asked on the first not to be.
/// </summary>
public static class PresenceView
{
    /// <param name="chosen">One for each device that is here; the choices are in the order of availability.</param>
    public static VisibleStatus Of(IReadOnlyCollection<ChosenStatus> chosen) => chosen.Count == 0 || chosen.Contains(ChosenStatus.Invisible)
        ? VisibleStatus.Offline
        : chosen.Min() switch
        {
            ChosenStatus.Online => VisibleStatus.Online,
            ChosenStatus.Away => VisibleStatus.Away,
            _ => VisibleStatus.Busy,
        };

    /// <summary>The word on the bus and on the wire.</summary>
    public static string Text(VisibleStatus status) => status switch
    {
        VisibleStatus.Online => "online",
        VisibleStatus.Away => "away",
        VisibleStatus.Busy => "busy",
        _ => "offline",
    };

    /// <summary>Null for a word that is no choice.</summary>
    public static ChosenStatus? Parse(string? chosen) => chosen switch
    {
        "online" => ChosenStatus.Online,
        "away" => ChosenStatus.Away,
        "busy" => ChosenStatus.Busy,
        "invisible" => ChosenStatus.Invisible,
        _ => null,
    };
}
