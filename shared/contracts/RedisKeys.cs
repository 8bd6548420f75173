using System.Globalization;

namespace Im.Contracts;

/// <summary>Every Redis key and what it holds. All of it can be rebuilt; an emptied Redis loses nobody and no message.</summary>
public static class RedisKeys
{
    /// <summary>
    /// Since when the leases are watched without a break, in Redis' own milliseconds; short-lived, renewed by each sweep. Missing means that Redis was
    /// emptied or paused, or that nobody swept: nobody is swept for the length of a lease then.
    /// </summary>
    public const string Marker = "im:marker";

    /// <summary>Set of the boot ids that ever registered a route and were not swept yet.</summary>
    public const string Boots = "im:boots";

    /// <summary>Lease of a gateway process, renewed while it lives; its text says whether by a renewal or by a registration.</summary>
    public static string Lease(string boot) => $"im:lease:{boot}";

    /// <summary>Set of the users with a route to that gateway: what a sweep has to look at.</summary>
    public static string UsersOf(string boot) => $"im:users:{boot}";

    /// <summary>The user's routes, one text: <c>device:boot:connection:epoch;…</c>, so that a batch of users is one MGET.</summary>
    public static string Routes(long user) => string.Create(CultureInfo.InvariantCulture, $"{RoutesPrefix}{user}");

    /// <summary>What stands before the user in <see cref="Routes"/>; a script on the server makes the keys of many users from it.</summary>
    public const string RoutesPrefix = "im:routes:";

    /// <summary>The user's presence as presence keeps it: what others see, since when he is gone, the status that he chose.</summary>
    public static string Presence(long user) => string.Create(CultureInfo.InvariantCulture, $"im:presence:{user}");

    /// <summary>Set of the users that are here by what presence knows: looked at in turn, so that a lost report is noticed.</summary>
    public const string Here = "im:presence:here";

    /// <summary>Set of the users whose latest change nobody is known to have published.</summary>
    public const string Unannounced = "im:presence:unannounced";
}
