using Im.Chaos.Verdicts;

namespace Im.Chaos.Tests.Verdicts;

internal static class Expect
{
    public static void Good(Told told)
    {
        var verdict = told.Judge();
        Assert.True(verdict.IsGood, InWords(verdict));
    }

    public static string InWords(Verdict verdict) =>
        string.Join("\n", verdict.Violations.Take(3).Select(one => $"{one.Kind}: {one.What}\n  {string.Join("\n  ", one.Proof)}"));

    /// <summary>One violation and no other; it has proof.</summary>
    public static Violation Only(ViolationKind kind, Told told)
    {
        var violation = Assert.Single(told.Judge().Violations);
        Assert.Equal(kind, violation.Kind);
        Assert.NotEmpty(violation.Proof);
        return violation;
    }

    /// <summary>At least one of this kind, with proof; what follows from it may be there too.</summary>
    public static void Some(ViolationKind kind, Told told) =>
        Assert.Contains(told.Judge().Violations, one => one.Kind == kind && one.Proof.Count is > 0 and <= 20);
}
