using System.Text.Unicode;

namespace Im.Protocol.Protobuf;

/// <summary>
/// Protobuf bytes of client frames, as im.proto has them. Unknown fields are skipped. A frame that is broken inside is a fault of that frame alone, for
/// its length is known; where the lengths themselves are wrong, nothing behind can be trusted.
/// </summary>
public static partial class ClientFrameProto
{
    private const int Frames = 1;
    private const int Hello = 1, Send = 2, Ack = 3, ReadUpTo = 4, Typing = 5, Watch = 6, Status = 7, Ping = 8, Bye = 9;
    private static readonly FrameFault Broken = new(Codes.BadFrame, "not valid protobuf");
    private static readonly FrameFault BadText = new(Codes.BadText, "text that is not valid UTF-8");

    /// <summary>Reads one WebSocket message: all of its frames, in order.</summary>
    public static void Read(ReadOnlySpan<byte> message, ICollection<ParsedFrame> into)
    {
        var reader = new ProtoReader(message);
        while (reader.Next())
        {
            if (reader.Field != Frames || reader.Wire != ProtoWire.Bytes)
            {
                reader.Skip();
                continue;
            }

            var frame = reader.Bytes();
            if (!reader.IsBroken) into.Add(ReadOne(frame));
        }

        if (reader.IsBroken) into.Add(Refuse(Broken));
    }

    private static ParsedFrame ReadOne(ReadOnlySpan<byte> bytes)
    {
        var frame = new ProtoOneof(bytes, Bye);
        var fields = new ProtoFields(frame.Content);
        if (frame.IsBroken || fields.IsBroken) return Refuse(Broken, frame.Case == Send ? fields.TextIfSet(1) : null);
        return frame.Case switch
        {
            Send => ReadSend(ref fields),
            Ack => ReadMark(ref fields, isRead: false),
            ReadUpTo => ReadMark(ref fields, isRead: true),
            Ping => new ParsedFrame(new ClientFrame.Ping(), null, null, null),
            Typing => ReadTyping(ref fields),
            Status => Judge(new ClientFrame.Status(fields.Text(1)), ref fields),
            Hello => ReadHello(frame.Content, ref fields),
            Watch => ReadWatch(ref fields),
            Bye => new ParsedFrame(new ClientFrame.Bye(), null, null, null),
            _ => Refuse(FrameRules.UnknownFrame),
        };
    }

    private static ParsedFrame ReadSend(ref ProtoFields fields)
    {
        var id = fields.TextIfSet(1);
        var type = fields.TextIfSet(4);
        var body = fields.Bytes(3);
        var target = ReadTarget(ref fields, 2, out var fault);
        if (fields.HasBadText || !Utf8.IsValid(body)) fault ??= BadText;
        fault ??= FrameRules.OfBody(body) ?? FrameRules.OfSend(id, type);
        return fault is { } found ? Refuse(found, id) : new ParsedFrame(new ClientFrame.Send(id!, target, body.ToArray(), type), null, null, null);
    }

    private static ParsedFrame ReadMark(ref ProtoFields fields, bool isRead)
    {
        var (conversation, seq) = (fields.Text(1), fields.Number(2));
        return Judge(isRead ? new ClientFrame.Read(conversation, seq) : new ClientFrame.Ack(conversation, seq), ref fields, FrameRules.OfSeq(seq));
    }

    private static ParsedFrame ReadTyping(ref ProtoFields fields)
    {
        var target = ReadTarget(ref fields, 1, out var fault);
        return Judge(new ClientFrame.Typing(target), ref fields, fault);
    }

    private static ParsedFrame ReadWatch(ref ProtoFields fields)
    {
        var users = fields.Texts(1, Limits.WatchedUsers);
        return Judge(new ClientFrame.Watch(users, fields.Flag(2)), ref fields, FrameRules.OfUsers(users.Count));
    }

    private static ParsedFrame ReadHello(ReadOnlySpan<byte> content, ref ProtoFields fields)
    {
        Dictionary<string, long>? cursors = null;
        FrameFault? fault = null;
        var reader = new ProtoReader(content);
        while (reader.Next())
        {
            if (reader.Field != 2 || reader.Wire != ProtoWire.Bytes)
            {
                reader.Skip();
                continue;
            }

            var entry = new ProtoFields(reader.Bytes());
            var (conversation, seq) = (entry.Text(1), entry.Number(2));
            fault ??= entry.IsBroken ? Broken : entry.HasBadText ? BadText : FrameRules.OfSeq(seq);
            // The last one wins, as in every map of protobuf.
            (cursors ??= [])[conversation] = seq;
        }

        return Judge(new ClientFrame.Hello(fields.Text(1), cursors), ref fields, fault);
    }

    private static Target ReadTarget(ref ProtoFields fields, int field, out FrameFault? fault)
    {
        var goal = fields.Message(field);
        var chosen = goal.LastOf(1, 2);
        var id = goal.Text(chosen);
        fault = goal.IsBroken ? Broken : chosen == 0 ? FrameRules.NoTarget : goal.HasBadText ? BadText : null;
        return chosen == 1 ? Target.ToUser(id) : Target.ToConversation(id);
    }

    private static ParsedFrame Judge(ClientFrame frame, ref ProtoFields fields, FrameFault? fault = null)
    {
        if (fields.HasBadText) fault ??= BadText;
        return fault is { } found ? Refuse(found) : new ParsedFrame(frame, null, null, null);
    }

    private static ParsedFrame Refuse(FrameFault fault, string? id = null) => new(null, fault.Code, fault.Detail, FrameRules.ReadableId(id));
}
