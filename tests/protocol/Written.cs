using System.Buffers;
using System.Text;
using Im.Protocol.Json;

namespace Im.Protocol.Tests;

/// <summary>Frames as bytes, and as texts that can be compared: records hold their bodies and lists by reference.</summary>
internal static class Written
{
    public static byte[] In(FrameFormat format, ClientFrame frame)
    {
        var output = new ArrayBufferWriter<byte>();
        format.Write(output, frame);
        return output.WrittenSpan.ToArray();
    }

    public static byte[] In(FrameFormat format, ServerFrame frame)
    {
        var output = new ArrayBufferWriter<byte>();
        format.Write(output, frame);
        return output.WrittenSpan.ToArray();
    }

    public static string Told(ClientFrame frame)
    {
        // Cursors of nothing are as good as none.
        if (frame is ClientFrame.Hello { Cursors.Count: 0 } hello) frame = hello with { Cursors = null };
        var output = new ArrayBufferWriter<byte>();
        ClientFrameJson.Write(output, frame);
        return Encoding.UTF8.GetString(output.WrittenSpan);
    }

    public static string Told(ServerFrame frame)
    {
        var output = new ArrayBufferWriter<byte>();
        ServerFrameJson.Write(output, frame);
        return Encoding.UTF8.GetString(output.WrittenSpan);
    }

    public static string Told(ParsedFrame parsed) => parsed.Frame is { } frame ? Told(frame) : $"{parsed.Code} {parsed.Id}";

    public static List<ParsedFrame> Read(FrameFormat format, ReadOnlySpan<byte> message)
    {
        var read = new List<ParsedFrame>();
        format.Read(message, read);
        return read;
    }

    public static List<ServerFrame> ReadServer(FrameFormat format, ReadOnlySpan<byte> message)
    {
        var read = new List<ServerFrame>();
        format.Read(message, read);
        return read;
    }
}
