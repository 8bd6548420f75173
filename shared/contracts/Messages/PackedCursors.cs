using System.Buffers.Binary;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Im.Contracts.Messages;

/// <summary>
/// A report's cursors as base64 of 48 bytes each, little-endian, instead of an array of objects: under load there is one for nearly every message, and as objects
/// they took a fifth of a message service's time (measured). What a later version tells of a cursor goes into a property beside them.
/// </summary>
public sealed class PackedCursors : JsonConverter<IReadOnlyList<CursorMoved>>
{
    private const int Size = 48;

    /// <exception cref="JsonException">Not a whole number of cursors.</exception>
    public override IReadOnlyList<CursorMoved> Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        if (reader.TokenType != JsonTokenType.String || !reader.TryGetBytesFromBase64(out var bytes) || bytes.Length % Size != 0)
            throw new JsonException("packed cursors are expected");
        var cursors = new CursorMoved[bytes.Length / Size];
        for (var i = 0; i < cursors.Length; i++) cursors[i] = Unpack(bytes.AsSpan(i * Size, Size));
        return cursors;
    }

    public override void Write(Utf8JsonWriter writer, IReadOnlyList<CursorMoved> value, JsonSerializerOptions options)
    {
        var bytes = new byte[value.Count * Size];
        for (var i = 0; i < value.Count; i++) Pack(value[i], bytes.AsSpan(i * Size, Size));
        writer.WriteBase64StringValue(bytes);
    }

    private static void Pack(CursorMoved one, Span<byte> row)
    {
        BinaryPrimitives.WriteInt64LittleEndian(row, one.UserId);
        BinaryPrimitives.WriteInt64LittleEndian(row[8..], one.DeviceKey);
        one.Conversation.TryWriteBytes(row[16..]);
        BinaryPrimitives.WriteInt64LittleEndian(row[32..], one.Delivered);
        BinaryPrimitives.WriteInt64LittleEndian(row[40..], one.Read);
    }

    private static CursorMoved Unpack(ReadOnlySpan<byte> row) => new(
        BinaryPrimitives.ReadInt64LittleEndian(row),
        BinaryPrimitives.ReadInt64LittleEndian(row[8..]),
        new Guid(row[16..32]),
        BinaryPrimitives.ReadInt64LittleEndian(row[32..]),
        BinaryPrimitives.ReadInt64LittleEndian(row[40..]));
}
