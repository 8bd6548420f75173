using System.Buffers.Text;
using System.Diagnostics;

namespace Im.Bench.Load;

/// <summary>The head of every body: a mark and the moment at which the message was due. Sender and recipient share a process, so one clock serves both.</summary>
internal static class BodyStamp
{
    public const int Length = 24;

    private static ReadOnlySpan<byte> Mark => "imbench:"u8;

    public static byte[] NewBody(int size)
    {
        var body = new byte[size];
        body.AsSpan().Fill((byte)'x');
        Mark.CopyTo(body);
        return body;
    }

    public static void Write(Span<byte> body, long timestamp) =>
        Utf8Formatter.TryFormat(timestamp, body.Slice(Mark.Length, Length - Mark.Length), out _, new System.Buffers.StandardFormat('D', 16));

    public static bool TryRead(ReadOnlySpan<byte> body, out long timestamp)
    {
        timestamp = 0;
        return body.StartsWith(Mark) && body.Length >= Length && Utf8Parser.TryParse(body[Mark.Length..Length], out timestamp, out _);
    }

    public static long MicrosecondsSince(long timestamp) => (long)Stopwatch.GetElapsedTime(timestamp).TotalMicroseconds;
}
