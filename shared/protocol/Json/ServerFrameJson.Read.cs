using System.Text.Json;

namespace Im.Protocol.Json;

public static partial class ServerFrameJson
{
    /// <summary>Reads one WebSocket message (a frame or an array of frames) and adds the frames that this version knows.</summary>
    /// <exception cref="JsonException">The bytes are not JSON, or a known frame lacks a field that it must have.</exception>
    public static void Read(ReadOnlySpan<byte> message, ICollection<ServerFrame> into)
    {
        var reader = new Utf8JsonReader(message);
        reader.Read();
        if (reader.TokenType != JsonTokenType.StartArray)
        {
            ReadOne(ref reader, into);
            return;
        }

        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray) ReadOne(ref reader, into);
    }

    private static void ReadOne(ref Utf8JsonReader reader, ICollection<ServerFrame> into)
    {
        if (reader.TokenType != JsonTokenType.StartObject) throw new JsonException("a frame is an object");
        var fields = new Fields();
        while (reader.Read() && reader.TokenType != JsonTokenType.EndObject) fields.Read(ref reader);
        if (fields.ToFrame() is { } frame) into.Add(frame);
    }

    private struct Fields
    {
        private string? _t, _id, _c, _mid, _from, _type, _user, _code, _detail, _status, _device, _connection, _log, _gateway, _kind, _title, _state;
        private byte[]? _body;
        private long _seq, _time, _heartbeat;
        private long? _delivered, _read, _lastSeen, _retryAfterMs, _reconnectAfterMs, _closeCode;
        private bool _retryable;
        private List<string>? _gateways, _members;

        public void Read(ref Utf8JsonReader reader)
        {
            var name = reader.ValueSpan;
            reader.Read();
            if (name.SequenceEqual("t"u8)) _t = Kind(ref reader);
            else if (name.SequenceEqual("c"u8)) _c = reader.GetString();
            else if (name.SequenceEqual("seq"u8)) _seq = reader.GetInt64();
            else if (name.SequenceEqual("mid"u8)) _mid = reader.GetString();
            else if (name.SequenceEqual("from"u8)) _from = reader.GetString();
            else if (name.SequenceEqual("id"u8)) _id = reader.GetString();
            else if (name.SequenceEqual("body"u8)) _body = Utf8Of(ref reader);
            else if (name.SequenceEqual("type"u8)) _type = reader.ValueTextEquals("text/plain"u8) ? Limits.DefaultType : reader.GetString();
            else if (name.SequenceEqual("time"u8)) _time = reader.GetInt64();
            else ReadRare(ref reader, name);
        }

        private void ReadRare(ref Utf8JsonReader reader, ReadOnlySpan<byte> name)
        {
            if (name.SequenceEqual("user"u8)) _user = reader.GetString();
            else if (name.SequenceEqual("code"u8) && reader.TokenType == JsonTokenType.Number) _closeCode = reader.GetInt64();
            else if (name.SequenceEqual("code"u8)) _code = reader.GetString();
            else if (name.SequenceEqual("detail"u8)) _detail = reader.GetString();
            else if (name.SequenceEqual("status"u8)) _status = reader.GetString();
            else if (name.SequenceEqual("device"u8)) _device = reader.GetString();
            else if (name.SequenceEqual("connection"u8)) _connection = reader.GetString();
            else if (name.SequenceEqual("log"u8)) _log = reader.GetString();
            else if (name.SequenceEqual("gateway"u8)) _gateway = reader.GetString();
            else if (name.SequenceEqual("kind"u8)) _kind = reader.GetString();
            else if (name.SequenceEqual("title"u8)) _title = reader.GetString();
            else if (name.SequenceEqual("state"u8)) _state = reader.GetString();
            else if (name.SequenceEqual("heartbeat"u8)) _heartbeat = reader.GetInt64();
            else if (name.SequenceEqual("delivered"u8)) _delivered = reader.GetInt64();
            else if (name.SequenceEqual("read"u8)) _read = reader.GetInt64();
            else if (name.SequenceEqual("lastSeen"u8)) _lastSeen = reader.GetInt64();
            else if (name.SequenceEqual("retryable"u8)) _retryable = reader.GetBoolean();
            else if (name.SequenceEqual("retryAfterMs"u8)) _retryAfterMs = reader.GetInt64();
            else if (name.SequenceEqual("reconnectAfterMs"u8)) _reconnectAfterMs = reader.GetInt64();
            else if (name.SequenceEqual("gateways"u8)) _gateways = Texts(ref reader);
            else if (name.SequenceEqual("members"u8)) _members = Texts(ref reader);
            else reader.Skip();
        }

        public readonly ServerFrame? ToFrame() => _t switch
        {
            "message" => new ServerFrame.Message(Must(_c), _seq, Must(_mid), Must(_from), _id, Must(_body), _type ?? Limits.DefaultType, _time),
            "accepted" => new ServerFrame.Accepted(Must(_id), Must(_c), _seq, Must(_mid), _time),
            "rejected" => new ServerFrame.Rejected(Must(_id), Must(_code), _retryable, (int?)_retryAfterMs),
            "synced" => new ServerFrame.Synced(),
            "pong" => new ServerFrame.Pong(_time),
            "receipt" => new ServerFrame.Receipt(Must(_c), Must(_user), _delivered, _read),
            "presence" => new ServerFrame.Presence(Must(_user), Must(_status), _lastSeen),
            "typing" => new ServerFrame.Typing(Must(_c), Must(_user)),
            "conversation" => new ServerFrame.ConversationChanged(Must(_c), Must(_kind), _title, _members),
            "contact" => new ServerFrame.ContactChanged(Must(_user), Must(_state)),
            "welcome" => new ServerFrame.Welcome(
                Must(_user), Must(_device), Must(_connection), (int)_heartbeat, _time, _gateways ?? [], Must(_log)),
            "error" => new ServerFrame.Error(Must(_code), _detail ?? ""),
            "bye" => new ServerFrame.Bye((int)(_closeCode ?? CloseCodes.Normal), (int?)_reconnectAfterMs, _gateway),
            _ => null,
        };

        private static T Must<T>(T? field)
            where T : class => field ?? throw new JsonException("a field is missing");

        /// <summary>The two kinds that come by the thousand are compared, not allocated.</summary>
        private static string? Kind(ref Utf8JsonReader reader) =>
            reader.ValueTextEquals("message"u8) ? "message" : reader.ValueTextEquals("accepted"u8) ? "accepted" : reader.GetString();

        private static byte[] Utf8Of(ref Utf8JsonReader reader)
        {
            if (!reader.ValueIsEscaped) return reader.ValueSpan.ToArray();
            var unescaped = new byte[reader.ValueSpan.Length];
            return unescaped.AsSpan(0, reader.CopyString(unescaped)).ToArray();
        }

        private static List<string> Texts(ref Utf8JsonReader reader)
        {
            var texts = new List<string>();
            while (reader.Read() && reader.TokenType != JsonTokenType.EndArray) texts.Add(reader.GetString() ?? throw new JsonException("null"));
            return texts;
        }
    }
}
