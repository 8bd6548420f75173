using System.Buffers;
using System.Text.Json;

namespace Im.Protocol.Json;

public static partial class ClientFrameJson
{
    /// <summary>Reading one value of each kind: what does not fit is noted as the frame's fault and skipped, so that the frames behind it stay readable.</summary>
    private ref partial struct Draft
    {
        private static bool Is(ref Utf8JsonReader reader, ReadOnlySpan<byte> name)
        {
            if (!reader.ValueIsEscaped) return reader.ValueSpan.SequenceEqual(name);
            try
            {
                return reader.ValueTextEquals(name);
            }
            catch (InvalidOperationException)
            {
                // A lone surrogate is in no field's name.
                return false;
            }
        }

        private string? ReadText(ref Utf8JsonReader reader)
        {
            if (reader.TokenType is not (JsonTokenType.String or JsonTokenType.PropertyName))
            {
                Fault("a text was expected");
                reader.Skip();
                return null;
            }

            try
            {
                return reader.GetString();
            }
            catch (InvalidOperationException)
            {
                Fault("text with a lone surrogate", Codes.BadText);
                return null;
            }
        }

        private void ReadBody(ref Utf8JsonReader reader)
        {
            if (reader.TokenType != JsonTokenType.String)
            {
                Fault("body is a text");
                reader.Skip();
                return;
            }

            var raw = reader.ValueSpan;
            var buffer = ArrayPool<byte>.Shared.Rent(raw.Length);
            try
            {
                var body = buffer.AsSpan(0, reader.CopyString(buffer));
                if (FrameRules.OfBody(body) is { } fault) Fault(fault);
                else _body = body.ToArray();
            }
            catch (InvalidOperationException)
            {
                Fault("body: lone surrogate", Codes.BadText);
            }
            finally
            {
                ArrayPool<byte>.Shared.Return(buffer);
            }
        }

        private long ReadInteger(ref Utf8JsonReader reader)
        {
            if (reader.TokenType == JsonTokenType.Number && reader.TryGetInt64(out var value) && FrameRules.OfSeq(value) is null) return value;
            Fault(FrameRules.NoNumber);
            reader.Skip();
            return 0;
        }

        private bool ReadBoolean(ref Utf8JsonReader reader)
        {
            if (reader.TokenType is JsonTokenType.True or JsonTokenType.False) return reader.GetBoolean();
            Fault("true or false was expected");
            reader.Skip();
            return false;
        }

        private void ReadTarget(ref Utf8JsonReader reader)
        {
            if (reader.TokenType != JsonTokenType.StartObject)
            {
                Fault("to is an object");
                reader.Skip();
                return;
            }

            string? user = null, conversation = null;
            var fields = 0;
            while (reader.Read() && reader.TokenType != JsonTokenType.EndObject)
            {
                fields++;
                var isUser = Is(ref reader, "user"u8);
                var isConversation = Is(ref reader, "conversation"u8);
                reader.Read();
                if (isUser) user = ReadText(ref reader);
                else if (isConversation) conversation = ReadText(ref reader);
                else reader.Skip();
            }

            if (fields != 1 || (user is null && conversation is null)) Fault(FrameRules.NoTarget);
            _to = new Target(user, conversation);
        }

        private void ReadCursors(ref Utf8JsonReader reader)
        {
            if (reader.TokenType != JsonTokenType.StartObject)
            {
                Fault("cursors is an object");
                reader.Skip();
                return;
            }

            _cursors = [];
            while (reader.Read() && reader.TokenType != JsonTokenType.EndObject)
            {
                var conversation = ReadText(ref reader);
                reader.Read();
                var seq = ReadInteger(ref reader);
                if (conversation is not null && !_cursors.TryAdd(conversation, seq)) Fault("duplicate field");
            }
        }

        private void ReadUsers(ref Utf8JsonReader reader)
        {
            if (reader.TokenType != JsonTokenType.StartArray)
            {
                Fault("users is an array");
                reader.Skip();
                return;
            }

            _users = [];
            while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
            {
                if (ReadText(ref reader) is { } user) _users.Add(user);
            }

            Fault(FrameRules.OfUsers(_users.Count));
        }
    }
}
