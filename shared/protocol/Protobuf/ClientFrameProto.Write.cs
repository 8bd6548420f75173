using System.Buffers;

namespace Im.Protocol.Protobuf;

public static partial class ClientFrameProto
{
    /// <summary>Writes one frame as a message with this frame alone; such messages one behind the other are a message with all of their frames.</summary>
    public static void Write(IBufferWriter<byte> output, ClientFrame frame)
    {
        var writer = ProtoWriter.Begin();
        var message = writer.Open(Frames);
        var content = writer.Open(CaseOf(frame));
        switch (frame)
        {
            case ClientFrame.Send send:
                writer.Text(1, send.Id);
                WriteTarget(writer, 2, send.To);
                writer.Bytes(3, send.Body.Span);
                writer.Present(4, send.Type);
                break;
            case ClientFrame.Ack ack:
                writer.Text(1, ack.Conversation);
                writer.Number(2, ack.Seq);
                break;
            case ClientFrame.Read read:
                writer.Text(1, read.Conversation);
                writer.Number(2, read.Seq);
                break;
            case ClientFrame.Hello hello:
                writer.Text(1, hello.Session);
                foreach (var (conversation, seq) in hello.Cursors ?? new Dictionary<string, long>()) WriteCursor(writer, conversation, seq);
                break;
            case ClientFrame.Typing typing: WriteTarget(writer, 1, typing.To); break;
            case ClientFrame.Watch watch:
                foreach (var user in watch.Users) writer.Present(1, user);
                writer.Flag(2, watch.Off);
                break;
            case ClientFrame.Status status: writer.Text(1, status.Value); break;
        }

        writer.Close(content);
        writer.Close(message);
        writer.End(output);
    }

    private static int CaseOf(ClientFrame frame) => frame switch
    {
        ClientFrame.Hello => Hello,
        ClientFrame.Send => Send,
        ClientFrame.Ack => Ack,
        ClientFrame.Read => ReadUpTo,
        ClientFrame.Typing => Typing,
        ClientFrame.Watch => Watch,
        ClientFrame.Status => Status,
        ClientFrame.Ping => Ping,
        ClientFrame.Bye => Bye,
        _ => throw new ArgumentOutOfRangeException(nameof(frame), frame, "a frame without protobuf form"),
    };

    private static void WriteTarget(ProtoWriter writer, int field, Target to)
    {
        var target = writer.Open(field);
        writer.Present(1, to.User);
        writer.Present(2, to.Conversation);
        writer.Close(target);
    }

    private static void WriteCursor(ProtoWriter writer, string conversation, long seq)
    {
        var entry = writer.Open(2);
        writer.Text(1, conversation);
        writer.Number(2, seq);
        writer.Close(entry);
    }
}
