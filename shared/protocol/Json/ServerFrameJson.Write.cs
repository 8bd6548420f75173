using System.Buffers;
using System.Text.Json;

namespace Im.Protocol.Json;

/// <summary>JSON bytes of server frames. Reading ignores fields and frames that it does not know, so that servers may say more.</summary>
public static partial class ServerFrameJson
{
    /// <summary>Writes one frame as a JSON object.</summary>
    public static void Write(IBufferWriter<byte> output, ServerFrame frame)
    {
        var writer = JsonWriting.Begin(output);
        writer.WriteStartObject();
        switch (frame)
        {
            case ServerFrame.Message message: WriteMessage(writer, message); break;
            case ServerFrame.Accepted accepted: WriteAccepted(writer, accepted); break;
            case ServerFrame.Rejected rejected: WriteRejected(writer, rejected); break;
            case ServerFrame.Pong pong: WriteKind(writer, "pong"u8).WriteNumber("time"u8, pong.Time); break;
            case ServerFrame.Synced: WriteKind(writer, "synced"u8); break;
            case ServerFrame.Receipt receipt: WriteReceipt(writer, receipt); break;
            case ServerFrame.Presence presence: WritePresence(writer, presence); break;
            case ServerFrame.Welcome welcome: WriteWelcome(writer, welcome); break;
            case ServerFrame.ConversationChanged conversation: WriteConversation(writer, conversation); break;
            case ServerFrame.Typing typing:
                WriteKind(writer, "typing"u8).WriteString("c"u8, typing.Conversation);
                writer.WriteString("user"u8, typing.User);
                break;
            case ServerFrame.ContactChanged contact:
                WriteKind(writer, "contact"u8).WriteString("user"u8, contact.User);
                writer.WriteString("state"u8, contact.State);
                break;
            case ServerFrame.Error error:
                WriteKind(writer, "error"u8).WriteString("code"u8, error.Code);
                writer.WriteString("detail"u8, error.Detail);
                break;
            case ServerFrame.Bye bye: WriteBye(writer, bye); break;
            default: throw new ArgumentOutOfRangeException(nameof(frame), frame, "a frame without JSON form");
        }

        writer.WriteEndObject();
        writer.Flush();
    }

    private static Utf8JsonWriter WriteKind(Utf8JsonWriter writer, ReadOnlySpan<byte> kind)
    {
        writer.WriteString("t"u8, kind);
        return writer;
    }

    private static void WriteMessage(Utf8JsonWriter writer, ServerFrame.Message message)
    {
        WriteKind(writer, "message"u8).WriteString("c"u8, message.Conversation);
        writer.WriteNumber("seq"u8, message.Seq);
        writer.WriteString("mid"u8, message.MessageId);
        writer.WriteString("from"u8, message.From);
        if (message.Id is not null) writer.WriteString("id"u8, message.Id);
        writer.WriteString("body"u8, message.Body.Span);
        writer.WriteString("type"u8, message.Type);
        writer.WriteNumber("time"u8, message.Time);
    }

    private static void WriteAccepted(Utf8JsonWriter writer, ServerFrame.Accepted accepted)
    {
        WriteKind(writer, "accepted"u8).WriteString("id"u8, accepted.Id);
        writer.WriteString("c"u8, accepted.Conversation);
        writer.WriteNumber("seq"u8, accepted.Seq);
        writer.WriteString("mid"u8, accepted.MessageId);
        writer.WriteNumber("time"u8, accepted.Time);
    }

    private static void WriteRejected(Utf8JsonWriter writer, ServerFrame.Rejected rejected)
    {
        WriteKind(writer, "rejected"u8).WriteString("id"u8, rejected.Id);
        writer.WriteString("code"u8, rejected.Code);
        writer.WriteBoolean("retryable"u8, rejected.Retryable);
        if (rejected.RetryAfterMs is { } after) writer.WriteNumber("retryAfterMs"u8, after);
    }

    private static void WriteReceipt(Utf8JsonWriter writer, ServerFrame.Receipt receipt)
    {
        WriteKind(writer, "receipt"u8).WriteString("c"u8, receipt.Conversation);
        writer.WriteString("user"u8, receipt.User);
        if (receipt.Delivered is { } delivered) writer.WriteNumber("delivered"u8, delivered);
        if (receipt.Read is { } read) writer.WriteNumber("read"u8, read);
    }

    private static void WritePresence(Utf8JsonWriter writer, ServerFrame.Presence presence)
    {
        WriteKind(writer, "presence"u8).WriteString("user"u8, presence.User);
        writer.WriteString("status"u8, presence.Status);
        if (presence.LastSeen is { } lastSeen) writer.WriteNumber("lastSeen"u8, lastSeen);
    }

    private static void WriteWelcome(Utf8JsonWriter writer, ServerFrame.Welcome welcome)
    {
        WriteKind(writer, "welcome"u8).WriteString("user"u8, welcome.User);
        writer.WriteString("device"u8, welcome.Device);
        writer.WriteString("connection"u8, welcome.Connection);
        writer.WriteNumber("heartbeat"u8, welcome.Heartbeat);
        writer.WriteNumber("time"u8, welcome.Time);
        WriteTexts(writer, "gateways"u8, welcome.Gateways);
        writer.WriteString("log"u8, welcome.Log);
    }

    private static void WriteConversation(Utf8JsonWriter writer, ServerFrame.ConversationChanged conversation)
    {
        WriteKind(writer, "conversation"u8).WriteString("c"u8, conversation.Id);
        writer.WriteString("kind"u8, conversation.Kind);
        if (conversation.Title is not null) writer.WriteString("title"u8, conversation.Title);
        if (conversation.Members is not null) WriteTexts(writer, "members"u8, conversation.Members);
    }

    private static void WriteBye(Utf8JsonWriter writer, ServerFrame.Bye bye)
    {
        WriteKind(writer, "bye"u8).WriteNumber("code"u8, bye.Code);
        if (bye.ReconnectAfterMs is { } after) writer.WriteNumber("reconnectAfterMs"u8, after);
        if (bye.Gateway is not null) writer.WriteString("gateway"u8, bye.Gateway);
    }

    private static void WriteTexts(Utf8JsonWriter writer, ReadOnlySpan<byte> name, IReadOnlyList<string> texts)
    {
        writer.WriteStartArray(name);
        foreach (var text in texts) writer.WriteStringValue(text);
        writer.WriteEndArray();
    }
}
