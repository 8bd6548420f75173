using System.Buffers;

namespace Im.Protocol.Protobuf;

public static partial class ServerFrameProto
{
    /// <summary>Writes one frame as a message with this frame alone; such messages one behind the other are a message with all of their frames.</summary>
    public static void Write(IBufferWriter<byte> output, ServerFrame frame)
    {
        var writer = ProtoWriter.Begin();
        var message = writer.Open(Frames);
        var content = writer.Open(CaseOf(frame));
        WriteFields(writer, frame);
        writer.Close(content);
        writer.Close(message);
        writer.End(output);
    }

    private static int CaseOf(ServerFrame frame) => frame switch
    {
        ServerFrame.Message => Message,
        ServerFrame.Accepted => Accepted,
        ServerFrame.Rejected => Rejected,
        ServerFrame.Pong => Pong,
        ServerFrame.Synced => Synced,
        ServerFrame.Receipt => Receipt,
        ServerFrame.Presence => Presence,
        ServerFrame.Typing => Typing,
        ServerFrame.ConversationChanged => Conversation,
        ServerFrame.ContactChanged => Contact,
        ServerFrame.Welcome => Welcome,
        ServerFrame.Error => Error,
        ServerFrame.Bye => Bye,
        _ => throw new ArgumentOutOfRangeException(nameof(frame), frame, "a frame without protobuf form"),
    };

    private static void WriteFields(ProtoWriter writer, ServerFrame frame)
    {
        switch (frame)
        {
            case ServerFrame.Message message: WriteMessage(writer, message); break;
            case ServerFrame.Accepted accepted:
                writer.Text(1, accepted.Id);
                writer.Text(2, accepted.Conversation);
                writer.Number(3, accepted.Seq);
                writer.Text(4, accepted.MessageId);
                writer.Number(5, accepted.Time);
                break;
            case ServerFrame.Rejected rejected:
                writer.Text(1, rejected.Id);
                writer.Text(2, rejected.Code);
                writer.Flag(3, rejected.Retryable);
                writer.Present(4, rejected.RetryAfterMs);
                break;
            case ServerFrame.Pong pong: writer.Number(1, pong.Time); break;
            case ServerFrame.Receipt receipt:
                writer.Text(1, receipt.Conversation);
                writer.Text(2, receipt.User);
                writer.Present(3, receipt.Delivered);
                writer.Present(4, receipt.Read);
                break;
            case ServerFrame.Presence presence:
                writer.Text(1, presence.User);
                writer.Text(2, presence.Status);
                writer.Present(3, presence.LastSeen);
                break;
            case ServerFrame.Typing typing:
                writer.Text(1, typing.Conversation);
                writer.Text(2, typing.User);
                break;
            case ServerFrame.ConversationChanged conversation: WriteConversation(writer, conversation); break;
            case ServerFrame.ContactChanged contact:
                writer.Text(1, contact.User);
                writer.Text(2, contact.State);
                break;
            case ServerFrame.Welcome welcome: WriteWelcome(writer, welcome); break;
            case ServerFrame.Error error:
                writer.Text(1, error.Code);
                writer.Text(2, error.Detail);
                break;
            case ServerFrame.Bye bye:
                writer.Number(1, bye.Code);
                writer.Present(2, bye.ReconnectAfterMs);
                writer.Present(3, bye.Gateway);
                break;
        }
    }

    private static void WriteMessage(ProtoWriter writer, ServerFrame.Message message)
    {
        writer.Text(1, message.Conversation);
        writer.Number(2, message.Seq);
        writer.Text(3, message.MessageId);
        writer.Text(4, message.From);
        writer.Present(5, message.Id);
        writer.Bytes(6, message.Body.Span);
        writer.Text(7, message.Type);
        writer.Number(8, message.Time);
    }

    private static void WriteConversation(ProtoWriter writer, ServerFrame.ConversationChanged conversation)
    {
        writer.Text(1, conversation.Id);
        writer.Text(2, conversation.Kind);
        writer.Present(3, conversation.Title);
        if (conversation.Members is null) return;
        var members = writer.Open(4);
        foreach (var user in conversation.Members) writer.Present(1, user);
        writer.Close(members);
    }

    private static void WriteWelcome(ProtoWriter writer, ServerFrame.Welcome welcome)
    {
        writer.Text(1, welcome.User);
        writer.Text(2, welcome.Device);
        writer.Text(3, welcome.Connection);
        writer.Number(4, welcome.Heartbeat);
        writer.Number(5, welcome.Time);
        foreach (var gateway in welcome.Gateways) writer.Present(6, gateway);
        writer.Text(7, welcome.Log);
    }
}
