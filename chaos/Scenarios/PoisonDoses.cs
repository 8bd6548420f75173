using System.Buffers;
using System.Text;
using Im.Contracts;
using Im.Contracts.Lanes;

namespace Im.Chaos.Scenarios;

/// <summary>What is put into a queue, and how it says that it is written.</summary>
public sealed record Dose(string What, byte[] Body, string? ContentType = null);

/// <summary>Makes poison for each kind of queue. Whatever could be taken for a message of the crowd cannot be stored: it holds a U+0000.</summary>
/// <param name="pairs">Conversations that exist, for what looks most like the real thing; may be empty.</param>
public sealed class PoisonDoses(Random random, IReadOnlyList<ConversationId> pairs)
{
    private const long Nobody = 7;
    private const string Bus = "application/vnd.masstransit+json";

    public Dose For(string queue)
    {
        Func<Dose>[] kinds =
            queue.StartsWith(Topology.ShardQueue(0)[..^1], StringComparison.Ordinal) ? [Empty, Garbage, () => Torn(Batch()), () => Future(Batch()), () => Whole(Envelope()), () => Whole(Batch())]
            : queue.StartsWith(Topology.NodeQueue(""), StringComparison.Ordinal) ? [Empty, Garbage, () => Torn(Envelope()), () => Future(Envelope()), () => Whole(Batch()), () => Whole(Envelope())]
            : [Empty, Garbage, Nonsense, () => Forged(queue), () => Forged(queue)];
        return kinds[random.Next(kinds.Length)]();
    }

    private static Dose Empty() => new("nothing", []);

    private Dose Garbage() => new("garbage", Bytes(random.Next(1, 3000)), random.Next(2) == 0 ? Bus : null);

    private Dose Torn(byte[] whole) => new("torn", whole[..random.Next(1, whole.Length)]);

    private static Dose Future(byte[] whole)
    {
        whole[0] = LaneFormat.Version + 1;
        return new("of a later version", whole);
    }

    private static Dose Whole(byte[] whole) => new("absurd", whole);

    private Dose Nonsense()
    {
        string[] texts = ["{", "null", "[]", "\"text\"", "{\"message\":null}", new string('[', 2000), "{\"messageType\":[\"urn:message:Im.Contracts.Messages:NoSuchThing\"],\"message\":{}}"];
        return new("no message of the bus", Encoding.UTF8.GetBytes(texts[random.Next(texts.Length)]), random.Next(3) == 0 ? "application/json" : Bus);
    }

    private Dose Forged(string queue)
    {
        var events = ForgedEvents.For(queue);
        var (type, message) = events[random.Next(events.Count)];
        var body = $$$"""
            {"messageId":"{{{Guid.NewGuid()}}}","conversationId":"{{{Guid.NewGuid()}}}","sourceAddress":"rabbitmq://127.0.0.1/nobody",
             "messageType":["urn:message:Im.Contracts.Messages:{{{type}}}"],"message":{{{message}}},"headers":{}}
            """;
        return new($"{type} of nobody", Encoding.UTF8.GetBytes(body), Bus);
    }

    /// <summary>One that the database refuses among others that the rules refuse.</summary>
    private byte[] Batch()
    {
        var conversation = pairs.Count > 0 ? pairs[random.Next(pairs.Count)] : ConversationId.Direct(Nobody, Nobody + 1);
        var id = $"poison-{random.NextInt64():x}";
        Submission[] submissions =
        [
            new(SubmissionKind.Send, long.MaxValue, conversation.High, id, conversation, MayCreate: true, "a\0b"u8.ToArray()),
            new(SubmissionKind.Send, -1, Nobody, id, ConversationId.Direct(Nobody, long.MaxValue), MayCreate: true, "x"u8.ToArray()),
            new(SubmissionKind.Send, 0, 0, id, ConversationId.Group(long.MaxValue), MayCreate: false, Array.Empty<byte>()),
            new(SubmissionKind.AddMembers, 0, Nobody, id, ConversationId.Group(Nobody), MayCreate: false, Array.Empty<byte>(), Members: [-1, 0, long.MaxValue]),
            new(SubmissionKind.BlockUser, 0, -5, id, ConversationId.Direct(3, 4), MayCreate: false, Array.Empty<byte>()),
        ];
        var bytes = new ArrayBufferWriter<byte>();
        LaneFormat.Write(bytes, "nobody", submissions);
        return bytes.WrittenSpan.ToArray();
    }

    /// <summary>Seqs that are none, for those who would believe them; the rest is about nobody.</summary>
    private byte[] Envelope()
    {
        var conversation = pairs.Count > 0 ? pairs[random.Next(pairs.Count)] : ConversationId.Direct(Nobody, Nobody + 1);
        long[] members = [conversation.High, conversation.Low, Nobody, -1];
        var bytes = new ArrayBufferWriter<byte>();
        LaneFormat.Write(bytes, Contracts.Lanes.Envelope.Empty with
        {
            Deliveries =
            [
                .. ((long[])[long.MaxValue, 0, -1, long.MinValue]).Select(seq => new Delivery(conversation, seq, Nobody, "poison", null, "poison"u8.ToArray(), -1, 0, members)),
            ],
            Answers = [new Answer(Nobody, "poison", conversation, long.MaxValue, 0, null), new Answer(-1, "", conversation, 0, 0, "no code")],
            Notices = [new ConversationNotice(ConversationId.Group(Nobody), "", [], [Nobody])],
            Replaced = [new ConnectionReplaced(Nobody), new ConnectionReplaced(long.MinValue)],
            Receipts = [new ReceiptNotice(conversation, Nobody, Nobody, long.MaxValue, long.MinValue, [Nobody, -1])],
            Typings = [new TypingNotice(conversation, Nobody, [Nobody, -1])],
        });
        return bytes.WrittenSpan.ToArray();
    }

    private byte[] Bytes(int count)
    {
        var bytes = new byte[count];
        random.NextBytes(bytes);
        return bytes;
    }
}
