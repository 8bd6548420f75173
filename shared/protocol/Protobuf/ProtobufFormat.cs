using System.Buffers;
using System.Net.WebSockets;

namespace Im.Protocol.Protobuf;

/// <summary>
/// Binary messages. A frame is written with tag and length of the repeated field that it belongs to, so frames one behind the other are a message.
/// </summary>
internal sealed class ProtobufFormat(int number) : FrameFormat(Limits.ProtobufSubprotocol, WebSocketMessageType.Binary, number)
{
    public override ReadOnlySpan<byte> Opening => [];

    public override ReadOnlySpan<byte> Separator => [];

    public override ReadOnlySpan<byte> Closing => [];

    public override void Read(ReadOnlySpan<byte> message, ICollection<ParsedFrame> into) => ClientFrameProto.Read(message, into);

    public override void Read(ReadOnlySpan<byte> message, ICollection<ServerFrame> into) => ServerFrameProto.Read(message, into);

    public override void Write(IBufferWriter<byte> output, ClientFrame frame) => ClientFrameProto.Write(output, frame);

    public override void Write(IBufferWriter<byte> output, ServerFrame frame) => ServerFrameProto.Write(output, frame);
}
