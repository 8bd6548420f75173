namespace Im.Chaos.Verdicts;

/// <summary>In which way the promise was broken.</summary>
public enum ViolationKind
{
    /// <summary>Accepted, and a device that should have it has it not; or gone from the log. The same for an answered change of members.</summary>
    Lost,

    /// <summary>One message at two places, or twice for the application.</summary>
    Doubled,

    /// <summary>A place before or on top of another, a hole, or an order that the sender's answers contradict.</summary>
    OutOfOrder,

    /// <summary>Somebody got what he was no member for.</summary>
    Leaked,

    /// <summary>Two answers to one message differ, or a device holds something else than the log.</summary>
    Contradiction,

    /// <summary>A message was stored for one who was no member any more, or whose session had ended.</summary>
    Intrusion,

    /// <summary>A receipt says that something was delivered which no device had acknowledged.</summary>
    FalseReceipt,

    /// <summary>A session sent or received after its end.</summary>
    EndedSession,

    /// <summary>A time limit of the promise was missed.</summary>
    Late,

    /// <summary>Anything else that a scenario found: a process that died by itself, memory that does not come back.</summary>
    Finding,
}

/// <param name="Scenario">In whose time the message was sent, or the thing happened.</param>
/// <param name="What">One sentence with the ids that it is about.</param>
/// <param name="Proof">The journal lines that show it, with the device before each.</param>
public sealed record Violation(ViolationKind Kind, string Scenario, string What, IReadOnlyList<string> Proof);
