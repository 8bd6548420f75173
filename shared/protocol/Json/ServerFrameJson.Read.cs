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
        private long _time, _heartbeat;
        private long? _seq, _delivered, _read, _lastSeen, _retryAfterMs, _reconnectAfterMs, _closeCode;
        private bool _retryable;
        private List<string>? _gateways, _members;

        public void Read(ref Utf8JsonReader reader)
        {
            var name = reader.ValueSpan;
            reader.Read();
            if (name.SequenceEqual("t"u8)) _t = Kind(ref reader);
            else if (name.SequenceEqual("c"u8)) _c = Text(ref reader);
            else if (name.SequenceEqual("seq"u8)) _seq = Number(ref reader);
            else if (name.SequenceEqual("mid"u8)) _mid = Text(ref reader);
            else if (name.SequenceEqual("from"u8)) _from = Text(ref reader);
            else if (name.SequenceEqual("id"u8)) _id = Text(ref reader);
            else if (name.SequenceEqual("body"u8)) _body = Utf8Of(ref reader);
            else if (name.SequenceEqual("type"u8)) _type = TypeOf(ref reader);
            else if (name.SequenceEqual("time"u8)) _time = Number(ref reader) ?? 0;
            else ReadRare(ref reader, name);
        }

        private void ReadRare(ref Utf8JsonReader reader, ReadOnlySpan<byte> name)
        {
            if (name.SequenceEqual("user"u8)) _user = Text(ref reader);
            else if (name.SequenceEqual("code"u8) && reader.TokenType == JsonTokenType.Number) _closeCode = Number(ref reader);
            else if (name.SequenceEqual("code"u8)) _code = Text(ref reader);
            else if (name.SequenceEqual("detail"u8)) _detail = Text(ref reader);
            else if (name.SequenceEqual("status"u8)) _status = Text(ref reader);
            else if (name.SequenceEqual("device"u8)) _device = Text(ref reader);
            else if (name.SequenceEqual("connection"u8)) _connection = Text(ref reader);
            else if (name.SequenceEqual("log"u8)) _log = Text(ref reader);
            else if (name.SequenceEqual("gateway"u8)) _gateway = Text(ref reader);
            else if (name.SequenceEqual("kind"u8)) _kind = Text(ref reader);
            else if (name.SequenceEqual("title"u8)) _title = Text(ref reader);
            else if (name.SequenceEqual("state"u8)) _state = Text(ref reader);
            else if (name.SequenceEqual("heartbeat"u8)) _heartbeat = Number(ref reader) ?? 0;
            else if (name.SequenceEqual("delivered"u8)) _delivered = Number(ref reader);
            else if (name.SequenceEqual("read"u8)) _read = Number(ref reader);
            else if (name.SequenceEqual("lastSeen"u8)) _lastSeen = Number(ref reader);
            else if (name.SequenceEqual("retryable"u8)) _retryable = Flag(ref reader);
            else if (name.SequenceEqual("retryAfterMs"u8)) _retryAfterMs = Number(ref reader);
            else if (name.SequenceEqual("reconnectAfterMs"u8)) _reconnectAfterMs = Number(ref reader);
            else if (name.SequenceEqual("gateways"u8)) _gateways = Texts(ref reader);
            else if (name.SequenceEqual("members"u8)) _members = Texts(ref reader);
            else reader.Skip();
        }

        public readonly ServerFrame? ToFrame() => _t switch
        {
            "message" => new ServerFrame.Message(Must(_c), Must(_seq), Must(_mid), Must(_from), _id, Must(_body), _type ?? Limits.DefaultType, _time),
            "accepted" => new ServerFrame.Accepted(Must(_id), Must(_c), Must(_seq), Must(_mid), _time),
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

        private static long Must(long? field) => field ?? throw new JsonException("a field is missing");

        private static T Must<T>(T? field)
            where T : class => field ?? throw new JsonException("a field is missing");

        /// <summary>The two kinds that come by the thousand are compared, not allocated.</summary>
        private static string? Kind(ref Utf8JsonReader reader) =>
            reader.TokenType != JsonTokenType.String ? Text(ref reader) :
            reader.ValueTextEquals("message"u8) ? "message" : reader.ValueTextEquals("accepted"u8) ? "accepted" : Text(ref reader);

        private static string? TypeOf(ref Utf8JsonReader reader) =>
            reader.TokenType == JsonTokenType.String && reader.ValueTextEquals("text/plain"u8) ? Limits.DefaultType : Text(ref reader);

        // A later version may give a name another type in a frame that is new: what does not fit is as good as absent.
        private static string? Text(ref Utf8JsonReader reader)
        {
            if (reader.TokenType == JsonTokenType.String) return reader.GetString();
            reader.Skip();
            return null;
        }

        private static long? Number(ref Utf8JsonReader reader)
        {
            if (reader.TokenType == JsonTokenType.Number && reader.TryGetInt64(out var value)) return value;
            reader.Skip();
            return null;
        }

        private static bool Flag(ref Utf8JsonReader reader)
        {
            if (reader.TokenType is JsonTokenType.True or JsonTokenType.False) return reader.GetBoolean();
            reader.Skip();
            return false;
        }

        private static byte[]? Utf8Of(ref Utf8JsonReader reader)
        {
            if (reader.TokenType != JsonTokenType.String)
            {
                reader.Skip();
                return null;
            }

            if (!reader.ValueIsEscaped) return reader.ValueSpan.ToArray();
            var unescaped = new byte[reader.ValueSpan.Length];
            return unescaped.AsSpan(0, reader.CopyString(unescaped)).ToArray();
        }

        private static List<string>? Texts(ref Utf8JsonReader reader)
        {
            if (reader.TokenType != JsonTokenType.StartArray)
            {
                reader.Skip();
                return null;
            }

            var texts = new List<string>();
            while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
                if (Text(ref reader) is { } text) texts.Add(text);
            return texts;
        }
    }
}
