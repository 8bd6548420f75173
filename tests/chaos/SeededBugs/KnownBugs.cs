namespace Im.Chaos.Tests.SeededBugs;

/// <summary>The mistakes that the harness must find. One that it does not find is a hole in the harness.</summary>
public static class KnownBugs
{
    public static IReadOnlyList<SeededBug> All { get; } =
    [
        AcceptedBeforeCommit.Bug,
        SettledBeforeCommit.Bug,
        NoDedupe.Bug,
        RoutesReadBeforeCommit.Bug,
        NoEpochCheck.Bug,
        MembersRemembered.Bug,
        ReceiptBeforeAck.Bug,
        GapSkipped.Bug,
    ];
}
