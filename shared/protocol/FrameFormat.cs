using System.Buffers;
using System.Net.WebSockets;
using Im.Protocol.Json;
using Im.Protocol.Protobuf;

namespace Im.Protocol;

/// <summary>
/// How frames are written on the wire: one for each subprotocol. Every frame is written so that it is a WebSocket message by itself; several become one
/// message with <see cref="Opening"/> before the first, <see cref="Separator"/> before each other and <see cref="Closing"/> behind the last.
/// </summary>
public abstract class FrameFormat
{
    private protected FrameFormat(string subprotocol, WebSocketMessageType messageType, int number) =>
        (Subprotocol, MessageType, Number) = (subprotocol, messageType, number);

    public static FrameFormat Json { get; } = new JsonFormat(0);

    public static FrameFormat Protobuf { get; } = new ProtobufFormat(1);

    /// <summary>Each at the place of its <see cref="Number"/>.</summary>
    public static IReadOnlyList<FrameFormat> All { get; } = [Json, Protobuf];

    /// <summary>As it is negotiated, <c>im.v1.json</c> for one.</summary>
    public string Subprotocol { get; }

    public WebSocketMessageType MessageType { get; }

    /// <summary>Counts from 0, so that what is kept for each format needs no dictionary.</summary>
    public int Number { get; }

    /// <summary>As long as <see cref="Separator"/>.</summary>
    public abstract ReadOnlySpan<byte> Opening { get; }

    public abstract ReadOnlySpan<byte> Separator { get; }

    public abstract ReadOnlySpan<byte> Closing { get; }

    /// <summary>The format of a subprotocol, null where there is none.</summary>
    public static FrameFormat? Find(string subprotocol) => All.FirstOrDefault(format => format.Subprotocol == subprotocol);

    /// <summary>Reads one WebSocket message of a client, in order. A fault is an entry of its own, never an exception.</summary>
    public abstract void Read(ReadOnlySpan<byte> message, ICollection<ParsedFrame> into);

    /// <summary>Reads one WebSocket message of a server and adds the frames that this version knows.</summary>
    /// <exception cref="InvalidDataException">The bytes are not of this format, or a known frame lacks what it must have.</exception>
    public abstract void Read(ReadOnlySpan<byte> message, ICollection<ServerFrame> into);

    public abstract void Write(IBufferWriter<byte> output, ClientFrame frame);

    public abstract void Write(IBufferWriter<byte> output, ServerFrame frame);

    public override string ToString() => Subprotocol;
}
