using Im.Chaos.Verdicts;

namespace Im.Chaos.Tests.Verdicts;

/// <summary>No false alarm in runs without a violation, and every kind of damage to them is found, wherever it is.</summary>
public sealed class RandomRunTests
{
    public static TheoryData<string> Damages => [.. Damage.All.Keys];

    [Fact]
    public void A_good_run_has_no_violation()
    {
        for (var seed = 0; seed < 100; seed++)
        {
            var verdict = Checker.Judge(new RandomRun(seed).Evidence);
            Assert.True(verdict.IsGood, $"seed {seed}: {Expect.InWords(verdict)}");
        }
    }

    [Theory]
    [MemberData(nameof(Damages))]
    public void A_damaged_run_is_found_out(string name)
    {
        var (kinds, damage) = Damage.All[name];
        for (var seed = 0; seed < 20; seed++)
        {
            var verdict = Checker.Judge(damage(new RandomRun(seed).Evidence, new Random(seed)));
            var isFound = verdict.Violations.Any(one => kinds.Contains(one.Kind) && one.Proof.Count is > 0 and <= 20);
            Assert.True(isFound, $"seed {seed}: none of these is {kinds[0]}: {Expect.InWords(verdict)}");
        }
    }
}
