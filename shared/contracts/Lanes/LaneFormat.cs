using System.Buffers;

namespace Im.Contracts.Lanes;

/// <summary>
/// Bytes of the message path between nodes. The first byte is the version, the second the kind; a reader refuses those that it does not know. Behind what it
/// knows may follow sections of later versions, each with a number above 0, a length and so many bytes, which it passes over.
/// </summary>
/// <remarks>
/// During a rolling upgrade old and new processes write to each other. So a new field travels in a section of its own, in the order of what it belongs to, and who reads
/// lives without it. A change that an old reader must not pass over raises the version, and takes two releases: the first reads both, the second writes the new one.
/// </remarks>
public static class LaneFormat
{
    public const byte Version = 1;
    private const byte BatchKind = (byte)'S';
    private const byte EnvelopeKind = (byte)'D';

    public static void Write(IBufferWriter<byte> output, string node, ReadOnlySpan<Submission> submissions)
    {
        output.WriteByte(Version);
        output.WriteByte(BatchKind);
        output.WriteText(node);
        output.WriteInt(submissions.Length);
        foreach (var one in submissions)
        {
            output.WriteByte((byte)one.Kind);
            output.WriteLong(one.Connection);
            output.WriteLong(one.Sender);
            output.WriteText(one.ClientId);
            output.WriteConversation(one.Conversation);
            output.WriteByte(one.MayCreate ? (byte)1 : (byte)0);
            output.WriteText(one.Type);
            output.WriteLongs(one.Members ?? []);
            output.WriteBytes(one.Body.Span);
            output.WriteText(one.Trace);
        }
    }

    /// <exception cref="InvalidDataException">Not a batch of this version.</exception>
    public static SubmitBatch ReadBatch(ReadOnlyMemory<byte> input)
    {
        var reader = Open(input, BatchKind);
        var node = reader.MustText();
        var submissions = new Submission[reader.Count(50)];
        for (var i = 0; i < submissions.Length; i++)
        {
            var kind = (SubmissionKind)reader.Byte();
            if (!Enum.IsDefined(kind)) throw new InvalidDataException("an unknown kind of submission");
            var connection = reader.Long();
            var sender = reader.Long();
            var clientId = reader.MustText();
            var conversation = reader.Conversation();
            var mayCreate = reader.Byte() != 0;
            var type = reader.Text();
            var members = reader.Longs();
            submissions[i] = new Submission(
                kind, connection, sender, clientId, conversation, mayCreate, reader.Bytes(), type, members.Length == 0 ? null : members, reader.Text());
        }

        reader.PassLaterSections();
        return new SubmitBatch(node, submissions);
    }

    public static void Write(IBufferWriter<byte> output, Envelope envelope)
    {
        output.WriteByte(Version);
        output.WriteByte(EnvelopeKind);
        output.WriteInt(envelope.Deliveries.Count);
        foreach (var one in envelope.Deliveries)
        {
            output.WriteConversation(one.Conversation);
            output.WriteLong(one.Seq);
            output.WriteLong(one.Sender);
            output.WriteText(one.ClientId);
            output.WriteText(one.Type);
            output.WriteLong(one.Time);
            output.WriteLong(one.Origin);
            output.WriteLongs(one.Users);
            output.WriteBytes(one.Body.Span);
            output.WriteText(one.Trace);
        }

        output.WriteInt(envelope.Answers.Count);
        foreach (var one in envelope.Answers)
        {
            output.WriteLong(one.Connection);
            output.WriteText(one.ClientId);
            output.WriteConversation(one.Conversation);
            output.WriteLong(one.Seq);
            output.WriteLong(one.Time);
            output.WriteText(one.Code);
        }

        output.WriteInt(envelope.Notices.Count);
        foreach (var one in envelope.Notices)
        {
            output.WriteConversation(one.Conversation);
            output.WriteText(one.Title);
            output.WriteLongs(one.Members);
            output.WriteLongs(one.Users);
        }

        output.WriteInt(envelope.Replaced.Count);
        foreach (var one in envelope.Replaced) output.WriteLong(one.Connection);

        output.WriteInt(envelope.Receipts.Count);
        foreach (var one in envelope.Receipts)
        {
            output.WriteConversation(one.Conversation);
            output.WriteLong(one.User);
            output.WriteLong(one.Device);
            output.WriteLong(one.Delivered);
            output.WriteLong(one.Read);
            output.WriteLongs(one.Users);
        }

        output.WriteInt(envelope.Typings.Count);
        foreach (var one in envelope.Typings)
        {
            output.WriteConversation(one.Conversation);
            output.WriteLong(one.User);
            output.WriteLongs(one.Users);
        }
    }

    /// <exception cref="InvalidDataException">Not an envelope of this version.</exception>
    public static Envelope ReadEnvelope(ReadOnlyMemory<byte> input)
    {
        var reader = Open(input, EnvelopeKind);
        var deliveries = new Delivery[reader.Count(68)];
        for (var i = 0; i < deliveries.Length; i++)
        {
            var conversation = reader.Conversation();
            var seq = reader.Long();
            var sender = reader.Long();
            var clientId = reader.MustText();
            var type = reader.Text();
            var time = reader.Long();
            var origin = reader.Long();
            var users = reader.Longs();
            deliveries[i] = new Delivery(conversation, seq, sender, clientId, type, reader.Bytes(), time, origin, users, reader.Text());
        }

        var answers = new Answer[reader.Count(48)];
        for (var i = 0; i < answers.Length; i++)
            answers[i] = new Answer(reader.Long(), reader.MustText(), reader.Conversation(), reader.Long(), reader.Long(), reader.Text());

        var notices = new ConversationNotice[reader.Count(28)];
        for (var i = 0; i < notices.Length; i++)
            notices[i] = new ConversationNotice(reader.Conversation(), reader.MustText(), reader.Longs(), reader.Longs());

        var replaced = new ConnectionReplaced[reader.Count(8)];
        for (var i = 0; i < replaced.Length; i++) replaced[i] = new ConnectionReplaced(reader.Long());

        var receipts = new ReceiptNotice[reader.Count(52)];
        for (var i = 0; i < receipts.Length; i++)
            receipts[i] = new ReceiptNotice(reader.Conversation(), reader.Long(), reader.Long(), reader.Long(), reader.Long(), reader.Longs());

        var typings = new TypingNotice[reader.Count(28)];
        for (var i = 0; i < typings.Length; i++) typings[i] = new TypingNotice(reader.Conversation(), reader.Long(), reader.Longs());
        reader.PassLaterSections();
        return new Envelope(deliveries, answers, notices, replaced, receipts, typings);
    }

    private static LaneReader Open(ReadOnlyMemory<byte> input, byte kind)
    {
        var reader = new LaneReader(input);
        if (reader.Byte() != Version) throw new InvalidDataException("a version of the lane format that this process does not know");
        if (reader.Byte() != kind) throw new InvalidDataException("another kind of batch was expected");
        return reader;
    }
}
