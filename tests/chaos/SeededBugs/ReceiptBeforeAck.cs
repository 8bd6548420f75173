using Im.Chaos.Verdicts;

namespace Im.Chaos.Tests.SeededBugs;

/// <summary>What is written to a socket counts as delivered.</summary>
internal static class ReceiptBeforeAck
{
    public static SeededBug Bug { get; } = new()
    {
        Name = "receipt-before-ack",
        Breaks = "A device's cursor is the highest seq that it acknowledged. Here the sender is told of a delivery that may never happen, and what a broken connection had in it "
            + "is not sent again to a device that relies on its cursor.",
        IsSign = violation => violation.Kind is ViolationKind.FalseReceipt,
        Services = ["gateway"],
        Edits =
        [
            new(
                "services/gateway/Connections/ClientConnection.Deliver.cs",
                "            _outbox.Add(frame);\n            if (span is not null) _outbox.Follow(span);\n",
                """
                            _outbox.Add(frame);
                            _services.Cursors.Moved(_session!.User, _session.DeviceKey, conversation, seq, 0);
                            if (span is not null) _outbox.Follow(span);

                """),
        ],
    };
}
