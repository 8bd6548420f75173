using Im.Chaos.Verdicts;

namespace Im.Chaos.Tests.SeededBugs;

/// <summary>A live message that is newer than the last one is sent, whatever lies between the two.</summary>
internal static class GapSkipped
{
    public static SeededBug Bug { get; } = new()
    {
        Name = "gap-skipped",
        Breaks = "On one connection the messages of a conversation come in ascending seq without a gap. Here an envelope that was lost is a hole for good: the reader of the "
            + "log goes on behind it, and so does the device's cursor.",
        IsSign = violation => violation.Kind is ViolationKind.OutOfOrder,
        Services = ["gateway"],
        Edits =
        [
            new(
                "services/gateway/Connections/ConversationFeed.cs",
                "        if (seq == Sent + 1 && hasRoom)\n",
                "        if (seq > Sent && hasRoom)\n"),
        ],
    };
}
