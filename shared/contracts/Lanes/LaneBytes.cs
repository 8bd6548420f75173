using System.Buffers;
using System.Buffers.Binary;
using System.Text;

namespace Im.Contracts.Lanes;

/// <summary>Little-endian primitives of the lanes' format: 64-bit numbers, lengths as 32 bits, UTF-8 texts. Length −1 is null.</summary>
internal static class LaneBytes
{
    public static void WriteByte(this IBufferWriter<byte> output, byte value)
    {
        output.GetSpan(1)[0] = value;
        output.Advance(1);
    }

    public static void WriteLong(this IBufferWriter<byte> output, long value)
    {
        BinaryPrimitives.WriteInt64LittleEndian(output.GetSpan(8), value);
        output.Advance(8);
    }

    public static void WriteInt(this IBufferWriter<byte> output, int value)
    {
        BinaryPrimitives.WriteInt32LittleEndian(output.GetSpan(4), value);
        output.Advance(4);
    }

    public static void WriteText(this IBufferWriter<byte> output, string? text)
    {
        if (text is null)
        {
            output.WriteInt(-1);
            return;
        }

        var span = output.GetSpan(4 + Encoding.UTF8.GetMaxByteCount(text.Length));
        var length = Encoding.UTF8.GetBytes(text, span[4..]);
        BinaryPrimitives.WriteInt32LittleEndian(span, length);
        output.Advance(4 + length);
    }

    public static void WriteBytes(this IBufferWriter<byte> output, ReadOnlySpan<byte> bytes)
    {
        output.WriteInt(bytes.Length);
        output.Write(bytes);
    }

    public static void WriteLongs(this IBufferWriter<byte> output, IReadOnlyList<long> values)
    {
        output.WriteInt(values.Count);
        for (var i = 0; i < values.Count; i++) output.WriteLong(values[i]);
    }

    public static void WriteConversation(this IBufferWriter<byte> output, ConversationId id)
    {
        output.WriteLong(id.High);
        output.WriteLong(id.Low);
    }
}

/// <summary>Reads what <see cref="LaneBytes"/> wrote; bodies stay slices of the input.</summary>
/// <remarks>Any read past the end, or a length that cannot be, is an <see cref="InvalidDataException"/>.</remarks>
internal ref struct LaneReader(ReadOnlyMemory<byte> input)
{
    private int _position;

    public byte Byte() => Take(1).Span[0];

    public long Long() => BinaryPrimitives.ReadInt64LittleEndian(Take(8).Span);

    public int Int() => BinaryPrimitives.ReadInt32LittleEndian(Take(4).Span);

    public string? Text()
    {
        var length = Int();
        return length < 0 ? null : Encoding.UTF8.GetString(Take(length).Span);
    }

    public string MustText() => Text() ?? throw new InvalidDataException("a text is missing");

    public ReadOnlyMemory<byte> Bytes() => Take(Int());

    public long[] Longs()
    {
        var values = new long[Count(8)];
        for (var i = 0; i < values.Length; i++) values[i] = Long();
        return values;
    }

    public ConversationId Conversation() => new(Long(), Long());

    /// <summary>A count of things of at least <paramref name="size"/> bytes; refused before anything is allocated for it.</summary>
    public int Count(int size)
    {
        var count = Int();
        if (count < 0 || (long)count * size > input.Length - _position) throw new InvalidDataException("a count that cannot be");
        return count;
    }

    /// <summary>Refuses what is no section behind what was read: writer and reader do not mean the same format.</summary>
    public void PassLaterSections()
    {
        while (_position != input.Length)
        {
            if (Byte() == 0) throw new InvalidDataException("bytes are left over");
            Take(Int());
        }
    }

    private ReadOnlyMemory<byte> Take(int length)
    {
        if (length < 0 || length > input.Length - _position) throw new InvalidDataException("the batch ends too early");
        var slice = input.Slice(_position, length);
        _position += length;
        return slice;
    }
}
