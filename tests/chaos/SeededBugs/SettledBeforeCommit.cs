using Im.Chaos.Verdicts;

namespace Im.Chaos.Tests.SeededBugs;

/// <summary>A batch is settled with the broker as soon as it is taken over, to keep the broker's memory small.</summary>
internal static class SettledBeforeCommit
{
    public static SeededBug Bug { get; } = new()
    {
        Name = "settled-before-commit",
        Breaks = "Batches stay with the broker until they are stored. What a process had in its hands when it stopped or handed over its shards is never stored, "
            + "so its senders are refused where nobody should notice anything.",
        IsSign = violation => violation.Kind is ViolationKind.Finding && violation.What.Contains("was rejected (unavailable)", StringComparison.Ordinal),
        Services = ["message"],
        Edits =
        [
            new(
                "services/message/Shards/ShardKeeper.cs",
                "        await commit.EnqueueAsync(pending, CancellationToken.None);\n",
                """
                        await reader.SettleAsync(batch.Tag, CancellationToken.None);
                        await commit.EnqueueAsync(pending, CancellationToken.None);

                """),
            new(
                "services/message/Delivery/Dispatcher.cs",
                "            foreach (var last in committed.Batches.GroupBy(batch => batch.Reader).Select(group => group.Last())) await SettleAsync(last, cancel);\n",
                ""),
        ],
    };
}
