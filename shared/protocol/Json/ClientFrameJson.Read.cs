using System.Text.Json;

namespace Im.Protocol.Json;

/// <summary>
/// JSON bytes of client frames. Reading is strict: unknown and duplicate fields, wrong types and trailing data are faults of that frame alone;
/// broken JSON is a fault of the rest of the WebSocket message, for nothing behind the break can be trusted.
/// </summary>
public static partial class ClientFrameJson
{
    private static readonly JsonReaderOptions Strict = new() { MaxDepth = 8, CommentHandling = JsonCommentHandling.Disallow };

    /// <summary>Reads one WebSocket message: a frame, or an array of frames, in order.</summary>
    public static void Read(ReadOnlySpan<byte> message, ICollection<ParsedFrame> into)
    {
        var reader = new Utf8JsonReader(message, Strict);
        var draft = new Draft();
        try
        {
            reader.Read();
            if (reader.TokenType != JsonTokenType.StartArray)
            {
                // Judged with what follows it: a frame with something behind it must not be both carried out and refused.
                var only = ReadOne(ref reader, ref draft);
                reader.Read();
                into.Add(only);
                return;
            }

            while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
            {
                into.Add(ReadOne(ref reader, ref draft));
                draft = default;
            }

            reader.Read();
        }
        catch (JsonException)
        {
            into.Add(new ParsedFrame(null, Codes.BadFrame, "not valid JSON", draft.ReadableId));
        }
    }

    private static ParsedFrame ReadOne(ref Utf8JsonReader reader, ref Draft draft)
    {
        if (reader.TokenType != JsonTokenType.StartObject)
        {
            reader.Skip();
            return new ParsedFrame(null, Codes.BadFrame, "a frame is an object", null);
        }

        while (reader.Read() && reader.TokenType != JsonTokenType.EndObject)
            draft.ReadField(ref reader);
        return draft.ToFrame();
    }

    [Flags]
    private enum Field
    {
        None = 0, T = 1, Id = 2, To = 4, Body = 8, Type = 16, C = 32, Seq = 64, Session = 128, Cursors = 256, Users = 512, Off = 1024, Status = 2048,
    }

    /// <summary>The fields seen so far, whatever their order; judged together once the frame is complete.</summary>
    private ref partial struct Draft
    {
        private Field _seen;
        private string? _t, _id, _type, _c, _session, _status;
        private FrameFault? _fault;
        private Target _to;
        private byte[]? _body;
        private long _seq;
        private bool _off, _idTwice;
        private Dictionary<string, long>? _cursors;
        private List<string>? _users;

        public readonly string? ReadableId => _idTwice ? null : FrameRules.ReadableId(_id);

        public void ReadField(ref Utf8JsonReader reader)
        {
            var field = NameOf(ref reader);
            reader.Read();
            if (field == Field.None) Fault("unknown field");
            if ((_seen & field) != 0)
            {
                Fault("duplicate field");
                _idTwice |= field == Field.Id;
            }

            if (field == Field.None || (_seen & field) != 0)
            {
                reader.Skip();
                return;
            }

            _seen |= field;
            switch (field)
            {
                case Field.T: _t = ReadText(ref reader); break;
                case Field.Id: _id = ReadText(ref reader); break;
                case Field.To: ReadTarget(ref reader); break;
                case Field.Body: ReadBody(ref reader); break;
                case Field.Type: _type = ReadText(ref reader); break;
                case Field.C: _c = ReadText(ref reader); break;
                case Field.Seq: _seq = ReadInteger(ref reader); break;
                case Field.Session: _session = ReadText(ref reader); break;
                case Field.Cursors: ReadCursors(ref reader); break;
                case Field.Users: ReadUsers(ref reader); break;
                case Field.Off: _off = ReadBoolean(ref reader); break;
                case Field.Status: _status = ReadText(ref reader); break;
            }
        }

        private static Field NameOf(ref Utf8JsonReader reader)
        {
            if (Is(ref reader, "t"u8)) return Field.T;
            if (Is(ref reader, "id"u8)) return Field.Id;
            if (Is(ref reader, "to"u8)) return Field.To;
            if (Is(ref reader, "body"u8)) return Field.Body;
            if (Is(ref reader, "c"u8)) return Field.C;
            if (Is(ref reader, "seq"u8)) return Field.Seq;
            if (Is(ref reader, "type"u8)) return Field.Type;
            if (Is(ref reader, "session"u8)) return Field.Session;
            if (Is(ref reader, "cursors"u8)) return Field.Cursors;
            if (Is(ref reader, "users"u8)) return Field.Users;
            if (Is(ref reader, "off"u8)) return Field.Off;
            return Is(ref reader, "status"u8) ? Field.Status : Field.None;
        }

        public readonly ParsedFrame ToFrame()
        {
            var (required, optional) = _t switch
            {
                "send" => (Field.Id | Field.To | Field.Body, Field.Type),
                "ack" or "read" => (Field.C | Field.Seq, Field.None),
                "ping" or "bye" => (Field.None, Field.None),
                "hello" => (Field.Session, Field.Cursors),
                "typing" => (Field.To, Field.None),
                "watch" => (Field.Users, Field.Off),
                "status" => (Field.Status, Field.None),
                _ => (Field.None, (Field)(-1)),
            };
            if (_fault is { } fault) return Refuse(fault);
            if (optional == (Field)(-1)) return Refuse(FrameRules.UnknownFrame);
            if ((_seen & required) != required) return Refuse(new FrameFault(Codes.BadFrame, "a field is missing"));
            if ((_seen & ~(required | optional | Field.T)) != 0) return Refuse(new FrameFault(Codes.BadFrame, "a field that this frame does not have"));
            if (_t == "send" && FrameRules.OfSend(_id, _type) is { } wrong) return Refuse(wrong);
            return new ParsedFrame(Build(), null, null, null);
        }

        private readonly ClientFrame Build() => _t switch
        {
            "send" => new ClientFrame.Send(_id!, _to, _body, _type),
            "ack" => new ClientFrame.Ack(_c!, _seq),
            "read" => new ClientFrame.Read(_c!, _seq),
            "ping" => new ClientFrame.Ping(),
            "bye" => new ClientFrame.Bye(),
            "hello" => new ClientFrame.Hello(_session!, _cursors),
            "typing" => new ClientFrame.Typing(_to),
            "watch" => new ClientFrame.Watch(_users!, _off),
            _ => new ClientFrame.Status(_status!),
        };

        private readonly ParsedFrame Refuse(FrameFault fault) => new(null, fault.Code, fault.Detail, ReadableId);

        private void Fault(string detail, string code = Codes.BadFrame) => Fault(new FrameFault(code, detail));

        /// <summary>The first one counts.</summary>
        private void Fault(FrameFault? fault) => _fault ??= fault;
    }
}
