using Im.Chaos.Verdicts.Facts;

namespace Im.Chaos.Verdicts.Rules;

/// <summary>The places of a conversation are 1, 2, 3 … without a hole.</summary>
internal static class LogOrderRule
{
    public static void Judge(Run run, Violations found)
    {
        foreach (var log in run.Log.Conversations)
        {
            for (var seq = 1L; seq <= log.Head; seq++)
            {
                if (log.At(seq) is not null) continue;
                var hole = seq;
                while (log.At(seq + 1) is null) seq++;
                var next = log.At(seq + 1)!;
                found.Add(
                    ViolationKind.OutOfOrder,
                    run.SentAt(next),
                    $"the log of {log.Id} has nothing at #{hole}{(seq > hole ? $" to #{seq}" : "")}",
                    () => [.. log.At(hole - 1) is { } before ? [Proof.Line(before)] : Array.Empty<string>(), Proof.Line(next)]);
            }
        }
    }
}
