using System.Globalization;

namespace Im.Contracts;

/// <summary>Every Redis key and what it holds. All of it can be rebuilt; an emptied Redis loses nobody and no message.</summary>
public static class RedisKeys
{
    /// <summary>Set when the route table is in use. Missing means that Redis was emptied: nodes register again, nobody is swept meanwhile.</summary>
    public const string Marker = "im:marker";

    /// <summary>Set of the boot ids that ever registered a route and were not swept yet.</summary>
    public const string Boots = "im:boots";

    /// <summary>Lease of a gateway process, renewed while it lives.</summary>
    public static string Lease(string boot) => $"im:lease:{boot}";

    /// <summary>Set of the users with a route to that gateway: what a sweep has to look at.</summary>
    public static string UsersOf(string boot) => $"im:users:{boot}";

    /// <summary>The user's routes, one text: <c>device:boot:connection:epoch;…</c>, so that a batch of users is one MGET.</summary>
    public static string Routes(long user) => string.Create(CultureInfo.InvariantCulture, $"im:routes:{user}");

    /// <summary>What was last published of the user's presence: <c>status:lastSeen</c>.</summary>
    public static string Presence(long user) => string.Create(CultureInfo.InvariantCulture, $"im:presence:{user}");

    /// <summary>The status that the user chose (away, busy, invisible); missing means online.</summary>
    public static string ChosenStatus(long user) => string.Create(CultureInfo.InvariantCulture, $"im:status:{user}");
}
