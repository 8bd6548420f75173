using Im.Hosting.Routes;

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
/// The decision what others see, from nothing but the user's routes and his choice: not here is offline, here is what he chose, and who is invisible
/// cannot be told from who is not here.
/// </summary>
public static class PresenceView
{
    public static VisibleStatus Of(IReadOnlyList<Route> routes, ChosenStatus chosen) => (routes.Count, chosen) switch
    {
        (0, _) or (_, ChosenStatus.Invisible) => VisibleStatus.Offline,
        (_, ChosenStatus.Away) => VisibleStatus.Away,
        (_, ChosenStatus.Busy) => VisibleStatus.Busy,
        _ => VisibleStatus.Online,
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
