using System.Buffers;
using System.Text.Json;

namespace Im.Chaos.Load;

/// <summary>What bare devices say, as WebSocket messages in JSON, written by docs/protocol.md.</summary>
internal static class BareWords
{
    public static readonly byte[] Ping = """{"t":"ping"}"""u8.ToArray(), Bye = """{"t":"bye"}"""u8.ToArray();

    public static byte[] Hello(string session, IReadOnlyDictionary<string, long>? cursors) => Write(writer =>
    {
        writer.WriteString("t"u8, "hello"u8);
        writer.WriteString("session"u8, session);
        if (cursors is null) return;
        writer.WriteStartObject("cursors"u8);
        foreach (var (conversation, seq) in cursors) writer.WriteNumber(conversation, seq);
        writer.WriteEndObject();
    });

    /// <param name="to">A conversation id, or <c>@</c> and a user id.</param>
    public static byte[] Send(string id, string to, string body) => Write(writer =>
    {
        writer.WriteString("t"u8, "send"u8);
        writer.WriteString("id"u8, id);
        writer.WriteStartObject("to"u8);
        if (to[0] == '@') writer.WriteString("user"u8, to.AsSpan(1));
        else writer.WriteString("conversation"u8, to);
        writer.WriteEndObject();
        writer.WriteString("body"u8, body);
        writer.WriteString("type"u8, "text/plain"u8);
    });

    public static byte[] Ack(string conversation, long seq) => Write(writer =>
    {
        writer.WriteString("t"u8, "ack"u8);
        writer.WriteString("c"u8, conversation);
        writer.WriteNumber("seq"u8, seq);
    });

    private static byte[] Write(Action<Utf8JsonWriter> fields)
    {
        var bytes = new ArrayBufferWriter<byte>(256);
        using var writer = new Utf8JsonWriter(bytes);
        writer.WriteStartObject();
        fields(writer);
        writer.WriteEndObject();
        writer.Flush();
        return bytes.WrittenSpan.ToArray();
    }
}
