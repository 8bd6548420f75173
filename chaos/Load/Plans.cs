using Im.Chaos.Journals;

namespace Im.Chaos.Load;

/// <summary>How long a device is there.</summary>
public enum Habit
{
    /// <summary>Always, as far as the system lets it.</summary>
    Steady,

    /// <summary>A few seconds, then away for 10 to 30: it lives from the log and its cursor.</summary>
    MostlyAway,

    /// <summary>Two to four seconds, then back at once: it makes the race of a connect against a commit.</summary>
    Flitting,

    /// <summary>Eight to ten seconds, then back at once, to the one message of a <see cref="ReunionPlan"/>.</summary>
    Returning,
}

/// <param name="Person">Index of its user.</param>
/// <param name="Number">Among all devices.</param>
/// <param name="IsProtobuf">The SDK's format; bare devices speak JSON.</param>
/// <param name="NamesCursors">Whether <c>hello</c> says what it holds; the others rely on the cursor that the server stored.</param>
/// <param name="IsTwin">Now and then it opens a second connection while the first one is up.</param>
public sealed record DevicePlan(int Person, int Number, DeviceKind Kind, Habit Habit, bool IsProtobuf, bool NamesCursors, bool IsTwin);

/// <summary>Two people who are in no other conversation, with one device each.</summary>
/// <param name="Comes">Goes away and comes back all the time.</param>
/// <param name="Stays">Says one thing whenever the other one comes back, and nothing else.</param>
public sealed record ReunionPlan(DevicePlan Comes, DevicePlan Stays);

/// <summary>A group by the indexes of its people.</summary>
/// <param name="Permanent">Members from the beginning to the end; the first one is the owner.</param>
/// <param name="Floating">Added and removed by the owner all the time; every second one is in from the beginning.</param>
public sealed record GroupPlan(IReadOnlyList<int> Permanent, IReadOnlyList<int> Floating)
{
    public int Owner => Permanent[0];

    public int Size => Permanent.Count + Floating.Count;

    public IReadOnlyList<int> FirstMembers => [.. Permanent, .. Floating.Where((_, place) => place % 2 == 0)];
}
