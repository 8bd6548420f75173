using Im.Chaos.Verdicts;

namespace Im.Chaos.Tests.SeededBugs;

/// <summary>Every submission is a message of its own: the log draws its keys itself, and nobody asks whether the sender's id was there before.</summary>
internal static class NoDedupe
{
    public static SeededBug Bug { get; } = new()
    {
        Name = "no-dedupe",
        Breaks = "The sender repeats an unanswered send with the same id, and the message exists once. Here a repeat, and a batch that the broker brings again, makes another one.",
        IsSign = violation => violation.Kind is ViolationKind.Doubled,
        Services = ["message"],
        Edits =
        [
            new(
                "services/message/Log/PostgresMessageLog.Append.cs",
                "            (keys[i], ids[i], types[i]) = (row.ClientKey, ClientMessageKey.StoredText(row.ClientId), row.Type);\n",
                "            (keys[i], ids[i], types[i]) = (Guid.CreateVersion7(), row.ClientId, row.Type);\n"),
            new(
                "services/message/Commit/CommitPlan.cs",
                "        if (_facts.Find(pending.Key) is { } known) return Repeat(pending, known);\n",
                ""),
        ],
    };
}
