using System.Buffers;
using System.Net.WebSockets;
using System.Text.Json;

namespace Im.Protocol.Json;

/// <summary>Text messages: a frame is an object, several are an array.</summary>
internal sealed class JsonFormat(int number) : FrameFormat(Limits.JsonSubprotocol, WebSocketMessageType.Text, number)
{
    public override ReadOnlySpan<byte> Opening => "["u8;

    public override ReadOnlySpan<byte> Separator => ","u8;

    public override ReadOnlySpan<byte> Closing => "]"u8;

    public override void Read(ReadOnlySpan<byte> message, ICollection<ParsedFrame> into) => ClientFrameJson.Read(message, into);

    public override void Read(ReadOnlySpan<byte> message, ICollection<ServerFrame> into)
    {
        try
        {
            ServerFrameJson.Read(message, into);
        }
        catch (Exception fault) when (fault is JsonException or InvalidOperationException)
        {
            // InvalidOperationException: a text with a lone surrogate.
            throw new InvalidDataException(fault.Message, fault);
        }
    }

    public override void Write(IBufferWriter<byte> output, ClientFrame frame) => ClientFrameJson.Write(output, frame);

    public override void Write(IBufferWriter<byte> output, ServerFrame frame) => ServerFrameJson.Write(output, frame);
}
