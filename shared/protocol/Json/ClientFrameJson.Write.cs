using System.Buffers;
using System.Text.Json;

namespace Im.Protocol.Json;

public static partial class ClientFrameJson
{
    /// <summary>Writes one frame as a JSON object.</summary>
    public static void Write(IBufferWriter<byte> output, ClientFrame frame)
    {
        var writer = JsonWriting.Begin(output);
        writer.WriteStartObject();
        switch (frame)
        {
            case ClientFrame.Send send:
                writer.WriteString("t"u8, "send"u8);
                writer.WriteString("id"u8, send.Id);
                WriteTarget(writer, send.To);
                writer.WriteString("body"u8, send.Body.Span);
                if (send.Type is not null) writer.WriteString("type"u8, send.Type);
                break;
            case ClientFrame.Ack ack:
                writer.WriteString("t"u8, "ack"u8);
                WriteMark(writer, ack.Conversation, ack.Seq);
                break;
            case ClientFrame.Read read:
                writer.WriteString("t"u8, "read"u8);
                WriteMark(writer, read.Conversation, read.Seq);
                break;
            case ClientFrame.Hello hello:
                writer.WriteString("t"u8, "hello"u8);
                writer.WriteString("session"u8, hello.Session);
                if (hello.Cursors is not null) WriteCursors(writer, hello.Cursors);
                break;
            case ClientFrame.Typing typing:
                writer.WriteString("t"u8, "typing"u8);
                WriteTarget(writer, typing.To);
                break;
            case ClientFrame.Watch watch:
                writer.WriteString("t"u8, "watch"u8);
                writer.WriteStartArray("users"u8);
                foreach (var user in watch.Users) writer.WriteStringValue(user);
                writer.WriteEndArray();
                if (watch.Off) writer.WriteBoolean("off"u8, true);
                break;
            case ClientFrame.Status status:
                writer.WriteString("t"u8, "status"u8);
                writer.WriteString("status"u8, status.Value);
                break;
            case ClientFrame.Ping:
                writer.WriteString("t"u8, "ping"u8);
                break;
            case ClientFrame.Bye:
                writer.WriteString("t"u8, "bye"u8);
                break;
            default:
                throw new ArgumentOutOfRangeException(nameof(frame), frame, "a frame without JSON form");
        }

        writer.WriteEndObject();
        writer.Flush();
    }

    private static void WriteMark(Utf8JsonWriter writer, string conversation, long seq)
    {
        writer.WriteString("c"u8, conversation);
        writer.WriteNumber("seq"u8, seq);
    }

    private static void WriteTarget(Utf8JsonWriter writer, Target to)
    {
        writer.WriteStartObject("to"u8);
        if (to.User is not null) writer.WriteString("user"u8, to.User);
        if (to.Conversation is not null) writer.WriteString("conversation"u8, to.Conversation);
        writer.WriteEndObject();
    }

    private static void WriteCursors(Utf8JsonWriter writer, IReadOnlyDictionary<string, long> cursors)
    {
        writer.WriteStartObject("cursors"u8);
        foreach (var (conversation, seq) in cursors) writer.WriteNumber(conversation, seq);
        writer.WriteEndObject();
    }
}
