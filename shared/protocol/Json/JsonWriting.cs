using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Im.Protocol.Json;

/// <summary>One writer per thread: making one costs more than writing a frame with it.</summary>
internal static class JsonWriting
{
    // The reader is a JSON parser, never an HTML page, so only what JSON demands is escaped.
    private static readonly JsonWriterOptions Compact = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, SkipValidation = true };

    [ThreadStatic]
    private static Utf8JsonWriter? t_writer;

    public static Utf8JsonWriter Begin(IBufferWriter<byte> output)
    {
        var writer = t_writer ??= new Utf8JsonWriter(output, Compact);
        writer.Reset(output);
        return writer;
    }
}
