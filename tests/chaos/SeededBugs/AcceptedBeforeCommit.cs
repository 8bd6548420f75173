using Im.Chaos.Verdicts;

namespace Im.Chaos.Tests.SeededBugs;

/// <summary>The log is written behind: what is decided is answered at once and stored within a tenth of a second, a few plans at a time.</summary>
internal static class AcceptedBeforeCommit
{
    private const string GroupCommit = "services/message/Commit/GroupCommit.cs";

    public static SeededBug Bug { get; } = new()
    {
        Name = "accepted-before-commit",
        Breaks = "Accepted is sent only after the commit. What was answered and not stored yet is gone when the process is killed, and its places are given to others.",
        IsSign = violation => violation.Kind is ViolationKind.Lost,
        Services = ["message"],
        Edits =
        [
            new(GroupCommit, "    private volatile bool _ownershipChanged;\n", """
                    private volatile bool _ownershipChanged;
                    private readonly System.Collections.Concurrent.ConcurrentQueue<CommitPlan> _decided = new();

                    private async Task WriteBehindAsync(CancellationToken cancel)
                    {
                        while (true)
                        {
                            await Task.Delay(TimeSpan.FromMilliseconds(100), time, cancel);
                            while (_decided.TryPeek(out var plan) && await TryWriteAsync(plan, cancel)) _decided.TryDequeue(out _);
                        }
                    }

                    private async Task<bool> TryWriteAsync(CommitPlan plan, CancellationToken cancel)
                    {
                        try
                        {
                            if (!await messages.AppendAsync(plan, cancel)) LogTaken(plan.Rows.Count);
                            return true;
                        }
                        catch (Exception fault) when (!cancel.IsCancellationRequested)
                        {
                            dependencies.Report(Dependency.Database, false, fault.Message);
                            return fault is UnstorableException;
                        }
                    }

                """),
            new(GroupCommit, "        var batches = new List<PendingBatch>();\n", """
                        _ = WriteBehindAsync(stoppingToken);
                        var batches = new List<PendingBatch>();

                """),
            new(GroupCommit, "                if (plan.IsEmpty || await messages.AppendAsync(plan, cancel))\n", """
                                if (!plan.IsEmpty) _decided.Enqueue(plan);
                                if (!cancel.IsCancellationRequested)

                """),
        ],
    };
}
