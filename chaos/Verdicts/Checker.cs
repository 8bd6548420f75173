using Im.Chaos.Verdicts.Facts;
using Im.Chaos.Verdicts.Rules;

namespace Im.Chaos.Verdicts;

/// <summary>
/// Judges a run by its evidence alone: pure, and no part of the product decides anything in it. What it says was broken was broken, whatever waited on a wire or
/// in a queue; so where the journals cannot know, it is silent.
/// </summary>
public static class Checker
{
    public static Verdict Judge(Evidence evidence)
    {
        var run = new Run(evidence);
        var outages = new Outages(run);
        var found = new Violations(run.Times);
        LostRule.Judge(run, found);
        DoubledRule.Judge(run, found);
        LogOrderRule.Judge(run, found);
        SdkOrderRule.Judge(run, found);
        WireOrderRule.Judge(run, found);
        SenderOrderRule.Judge(run, found);
        ContradictionRule.Judge(run, found);
        CopiesRule.Judge(run, found);
        MemberRule.Judge(run, found);
        LeakRule.Judge(run, found);
        IntrusionRule.Judge(run, found);
        EndedSessionRule.Judge(run, found);
        ReceiptRule.Judge(run, found);
        AcceptingRule.Judge(run, outages, found);
        CompletenessRule.Judge(run, found);
        ConnectionRule.Judge(run, found);
        FindingRule.Judge(run, found);
        return new Verdict(ScenarioRows.Of(run, outages, found.All), found.All);
    }
}
