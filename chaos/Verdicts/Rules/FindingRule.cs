using Im.Chaos.Journals;
using Im.Chaos.Verdicts.Facts;

namespace Im.Chaos.Verdicts.Rules;

/// <summary>What a scenario or the run found, and what the SDK told an application that it never should, are violations as they are.</summary>
internal static class FindingRule
{
    public static void Judge(Run run, Violations found)
    {
        foreach (var finding in run.Evidence.Findings.OrderBy(one => one.At))
            found.Add(ViolationKind.Finding, finding.Scenario, finding.What, () => [$"found  {Proof.Time(finding.At)} {finding.What}"]);

        foreach (var device in run.Devices)
        {
            for (var i = 0; i < device.Entries.Count; i++)
            {
                if (device.Entries[i] is not SdkFault fault) continue;
                var index = i;
                found.Add(
                    ViolationKind.Finding, fault.At, $"the SDK of {device} told its application: {fault.What}", () => Proof.Near(device, index, ""));
            }
        }
    }
}
