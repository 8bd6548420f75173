using Im.Contracts;
using Im.Contracts.Messages;
using Im.Protocol;

namespace Im.Profile.Contacts;

/// <summary>How one user stands to another; the numbers are those of the table. The other stands the opposite way to him.</summary>
public enum ContactState
{
    None = 0,
    Requested = 1,
    Pending = 2,
    Accepted = 3,
}

/// <param name="Before">How the asking user stands to the other.</param>
/// <param name="IsBlocked">One of the two has blocked the other.</param>
/// <param name="IsFull">The list of one of the two has no room.</param>
public readonly record struct ContactFacts(ContactState Before, bool IsBlocked, bool IsFull);

/// <param name="After">How the asking user stands to the other now; as before where it was refused.</param>
public readonly record struct ContactDecision(ContactState After, Refused? Refused = null);

/// <summary>What becomes of two users by what one of them asks for. Asking for what is already so changes nothing.</summary>
public static class ContactRules
{
    /// <summary>Contacts and requests of a user, those that wait for him included: a list goes over the bus and to the client in one piece.</summary>
    public const int MaxContacts = 5_000;

    private static readonly Refused Blocked = new(Codes.Blocked, "one of the two has blocked the other");
    private static readonly Refused Full = new(Codes.Invalid, $"a user has at most {MaxContacts} contacts and requests, and one of the two has as many");
    private static readonly Refused NobodyAsked = new(Codes.NotFound, "there is no request of this user to accept");

    /// <summary>What is refused whatever is stored; null where that decides.</summary>
    public static Refused? Refuse(long user, long other) =>
        user == other ? new Refused(Codes.Invalid, "userId: nobody is a contact of himself")
        : other == Ids.SystemUser ? new Refused(Codes.Forbidden, "the system user has no contacts")
        : null;

    /// <summary>Who asks the one that asked him accepts.</summary>
    public static ContactDecision Request(ContactFacts facts) => facts switch
    {
        { IsBlocked: true } => new(facts.Before, Blocked),
        { Before: ContactState.None, IsFull: true } => new(ContactState.None, Full),
        { Before: ContactState.None } => new(ContactState.Requested),
        { Before: ContactState.Pending } => new(ContactState.Accepted),
        _ => new(facts.Before),
    };

    public static ContactDecision Accept(ContactFacts facts) => facts switch
    {
        { Before: ContactState.Accepted } => new(ContactState.Accepted),
        { Before: not ContactState.Pending } => new(facts.Before, NobodyAsked),
        { IsBlocked: true } => new(facts.Before, Blocked),
        _ => new(ContactState.Accepted),
    };

    /// <summary>Never refused, whatever stands between the two: a list can always be made shorter.</summary>
    public static ContactDecision Remove(ContactFacts facts) => new(ContactState.None);

    public static ContactState Opposite(ContactState state) => state switch
    {
        ContactState.Requested => ContactState.Pending,
        ContactState.Pending => ContactState.Requested,
        _ => state,
    };
}
