namespace Im.Protocol.Protobuf;

/// <summary>
/// Protobuf bytes of server frames, as im.proto has them. Reading ignores fields and frames that it does not know, so that servers may say more.
/// </summary>
public static partial class ServerFrameProto
{
    private const int Frames = 1;
    private const int Welcome = 1, Accepted = 2, Rejected = 3, Message = 4, Synced = 5, Receipt = 6, Conversation = 7, Contact = 8;
    private const int Presence = 9, Typing = 10, Pong = 11, Error = 12, Bye = 13;

    /// <summary>Reads one WebSocket message and adds the frames that this version knows.</summary>
    /// <exception cref="InvalidDataException">The bytes are no protobuf, or a known frame lacks a field that it must have.</exception>
    public static void Read(ReadOnlySpan<byte> message, ICollection<ServerFrame> into)
    {
        var reader = new ProtoReader(message);
        while (reader.Next())
        {
            if (reader.Field != Frames || reader.Wire != ProtoWire.Bytes)
            {
                reader.Skip();
                continue;
            }

            var bytes = reader.Bytes();
            if (!reader.IsBroken && ReadOne(bytes) is { } frame) into.Add(frame);
        }

        if (reader.IsBroken) throw new InvalidDataException("not valid protobuf");
    }

    private static ServerFrame? ReadOne(ReadOnlySpan<byte> bytes)
    {
        var frame = new ProtoOneof(bytes, Bye);
        var fields = new ProtoFields(frame.Content);
        var read = Build(frame.Case, ref fields);
        if (frame.IsBroken || fields.IsBroken) throw new InvalidDataException("not valid protobuf");
        return fields.HasBadText ? throw new InvalidDataException("text that is not valid UTF-8") : read;
    }

    private static ServerFrame? Build(int kind, ref ProtoFields fields) => kind switch
    {
        Message => new ServerFrame.Message(
            Must(ref fields, 1), MustSeq(ref fields, 2), Must(ref fields, 3), Must(ref fields, 4), fields.TextIfSet(5), fields.Bytes(6).ToArray(),
            TypeOf(ref fields, 7), fields.Number(8)),
        Accepted => new ServerFrame.Accepted(Must(ref fields, 1), Must(ref fields, 2), MustSeq(ref fields, 3), Must(ref fields, 4), fields.Number(5)),
        Rejected => new ServerFrame.Rejected(Must(ref fields, 1), Must(ref fields, 2), fields.Flag(3), (int?)fields.NumberIfSet(4)),
        Synced => new ServerFrame.Synced(),
        Pong => new ServerFrame.Pong(fields.Number(1)),
        Receipt => new ServerFrame.Receipt(Must(ref fields, 1), Must(ref fields, 2), fields.NumberIfSet(3), fields.NumberIfSet(4)),
        Presence => new ServerFrame.Presence(Must(ref fields, 1), Must(ref fields, 2), fields.NumberIfSet(3)),
        Typing => new ServerFrame.Typing(Must(ref fields, 1), Must(ref fields, 2)),
        Conversation => new ServerFrame.ConversationChanged(Must(ref fields, 1), Must(ref fields, 2), fields.TextIfSet(3), MembersOf(ref fields, 4)),
        Contact => new ServerFrame.ContactChanged(Must(ref fields, 1), Must(ref fields, 2)),
        Welcome => new ServerFrame.Welcome(
            Must(ref fields, 1), Must(ref fields, 2), Must(ref fields, 3), (int)fields.Number(4), fields.Number(5), fields.Texts(6), Must(ref fields, 7)),
        Error => new ServerFrame.Error(Must(ref fields, 1), fields.Text(2)),
        Bye => new ServerFrame.Bye((int)fields.Number(1), (int?)fields.NumberIfSet(2), fields.TextIfSet(3)),
        _ => null,
    };

    private static string Must(ref ProtoFields fields, int field) =>
        fields.Bytes(field).IsEmpty ? throw new InvalidDataException("a field is missing") : fields.Text(field);

    private static long MustSeq(ref ProtoFields fields, int field) =>
        fields.Number(field) is > 0 and var seq ? seq : throw new InvalidDataException("a seq is missing");

    /// <summary>The usual one comes by the thousand and is compared, not allocated.</summary>
    private static string TypeOf(ref ProtoFields fields, int field)
    {
        var type = fields.Bytes(field);
        return type.IsEmpty || type.SequenceEqual("text/plain"u8) ? Limits.DefaultType : fields.Text(field);
    }

    private static List<string>? MembersOf(ref ProtoFields fields, int field)
    {
        if (!fields.HasBytes(field)) return null;
        var members = fields.Message(field);
        var users = members.Texts(1);
        return members.IsBroken || members.HasBadText ? throw new InvalidDataException("members are not valid") : users;
    }
}
