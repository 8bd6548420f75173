namespace Im.Contracts.Messages;

/// <summary>How one user stands to another, seen from the first.</summary>
public static class ContactStates
{
    /// <summary>The user asked and waits for the other's answer.</summary>
    public const string Requested = "requested";

    /// <summary>The other one asked and waits for the user's answer.</summary>
    public const string Pending = "pending";
    public const string Accepted = "accepted";

    /// <summary>Only told in events: there is no contact any more, or the request was declined or taken back.</summary>
    public const string Removed = "removed";

    /// <summary>The word for a state as the table <c>contacts</c> keeps it; 0 where it has no row.</summary>
    public static string OfStored(int state) => state switch
    {
        0 => Removed,
        1 => Requested,
        2 => Pending,
        3 => Accepted,
        _ => throw new ArgumentOutOfRangeException(nameof(state), state, "no state of a contact"),
    };
}

/// <summary>Asks the other to be a contact. If the other asked before, both are contacts now.</summary>
public sealed record RequestContact(long UserId, long Other);

public sealed record AcceptContact(long UserId, long Other);

/// <summary>Removes a contact, declines a request or takes one back.</summary>
public sealed record RemoveContact(long UserId, long Other);

/// <summary>Answer to the three above: how the two stand now, seen from the asking user.</summary>
public sealed record ContactIs(long Other, string State);

public sealed record ListContacts(long UserId);

/// <param name="Since">Unix milliseconds of the last change.</param>
public sealed record ContactListed(long UserId, string Username, string DisplayName, string State, long Since);

public sealed record ContactsListed(IReadOnlyList<ContactListed> Contacts);

/// <summary>
/// Event, after it was stored: for the connections of <paramref name="UserId"/>. Two events may overtake each other, so gateways tell what is stored by then.
/// </summary>
public sealed record ContactChanged(long UserId, long Other, string State);
