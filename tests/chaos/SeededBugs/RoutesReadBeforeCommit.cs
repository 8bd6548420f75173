using Im.Chaos.Verdicts;

namespace Im.Chaos.Tests.SeededBugs;

/// <summary>The routes are looked up while the commit is under way, which saves their round trip.</summary>
internal static class RoutesReadBeforeCommit
{
    private const string Dispatcher = "services/message/Delivery/Dispatcher.cs", GroupCommit = "services/message/Commit/GroupCommit.cs";

    public static SeededBug Bug { get; } = new()
    {
        Name = "routes-read-before-commit",
        Breaks = "A message reaches a connected device at once. A device that registers its route and reads the log between the look-up and the commit is seen by neither, "
            + "and waits for the next message or for reconciliation.",
        IsSign = violation => violation.Kind is ViolationKind.Late && violation.What.Contains("while nothing was broken", StringComparison.Ordinal),
        Services = ["message"],
        Edits =
        [
            new(
                Dispatcher,
                "public sealed record Committed(IReadOnlyList<Outcome> Outcomes, IReadOnlyList<PendingBatch> Batches, long Stored);\n",
                """
                public sealed record Committed(
                    IReadOnlyList<Outcome> Outcomes, IReadOnlyList<PendingBatch> Batches, long Stored, Task<IReadOnlyDictionary<long, IReadOnlyList<Route>>> Routes);

                """),
            new(Dispatcher, "            var looking = LookUpAsync(committed.Outcomes, cancel);\n", "            var looking = committed.Routes;\n"),
            new(
                Dispatcher,
                "    private async Task<IReadOnlyDictionary<long, IReadOnlyList<Route>>> LookUpAsync(",
                "    public async Task<IReadOnlyDictionary<long, IReadOnlyList<Route>>> LookUpAsync("),
            new(GroupCommit, "    private volatile bool _ownershipChanged;\n", """
                    private volatile bool _ownershipChanged;
                    private Task<IReadOnlyDictionary<long, IReadOnlyList<Im.Hosting.Routes.Route>>> _routes = null!;

                """),
            new(GroupCommit, "                if (plan.IsEmpty || await messages.AppendAsync(plan, cancel))\n", """
                                _routes = dispatcher.LookUpAsync(plan.Outcomes, cancel);
                                if (plan.IsEmpty || await messages.AppendAsync(plan, cancel))

                """),
            new(GroupCommit, "new Committed(outcomes, [.. batches], stored)", "new Committed(outcomes, [.. batches], stored, _routes)"),
        ],
    };
}
