using System.Buffers;
using System.Text;

namespace Im.Protocol.Protobuf;

/// <summary>
/// Writes one message into a buffer of the thread, then hands it over in one piece: the length of a message stands before it and is known behind it.
/// Fields are written as the field's official libraries write them: in order, defaults left out, lengths and numbers in the shortest form.
/// </summary>
internal sealed class ProtoWriter
{
    /// <summary>A thread keeps no buffer that is larger.</summary>
    private const int KeepBuffer = 64 * 1024;

    [ThreadStatic]
    private static ProtoWriter? t_writer;

    private byte[] _bytes = new byte[1024];
    private int _length;

    public static ProtoWriter Begin()
    {
        var writer = t_writer ??= new ProtoWriter();
        writer._length = 0;
        return writer;
    }

    public void End(IBufferWriter<byte> output)
    {
        output.Write(_bytes.AsSpan(0, _length));
        if (_bytes.Length > KeepBuffer) _bytes = new byte[1024];
    }

    /// <summary>Begins a message in this field; answers with what <see cref="Close"/> wants.</summary>
    public int Open(int field)
    {
        Ensure(2);
        _bytes[_length++] = Tag(field, ProtoWire.Bytes);
        // One byte for the length; a message of 128 bytes and more is moved once it is known.
        return ++_length;
    }

    public void Close(int start)
    {
        var length = _length - start;
        var more = SizeOf((ulong)length) - 1;
        if (more > 0)
        {
            Ensure(more);
            _bytes.AsSpan(start, length).CopyTo(_bytes.AsSpan(start + more));
        }

        _length = start - 1;
        Raw((ulong)length);
        _length = start + more + length;
    }

    /// <summary>A text that is empty by default.</summary>
    public void Text(int field, string text)
    {
        if (text.Length > 0) Present(field, text);
    }

    /// <summary>A text that is absent by default, or one of many.</summary>
    public void Present(int field, string? text)
    {
        if (text is null) return;
        var length = Encoding.UTF8.GetByteCount(text);
        Head(field, length);
        Encoding.UTF8.GetBytes(text, _bytes.AsSpan(_length));
        _length += length;
    }

    public void Bytes(int field, ReadOnlySpan<byte> utf8)
    {
        if (utf8.IsEmpty) return;
        Head(field, utf8.Length);
        utf8.CopyTo(_bytes.AsSpan(_length));
        _length += utf8.Length;
    }

    /// <summary>A number that is 0 by default.</summary>
    public void Number(int field, long number)
    {
        if (number != 0) Present(field, number);
    }

    /// <summary>A number that is absent by default.</summary>
    public void Present(int field, long? number)
    {
        if (number is not { } value) return;
        Ensure(11);
        _bytes[_length++] = Tag(field, ProtoWire.Varint);
        Raw((ulong)value);
    }

    public void Flag(int field, bool flag) => Number(field, flag ? 1 : 0);

    // All fields have numbers below 16: a tag is one byte.
    private static byte Tag(int field, ProtoWire wire) => (byte)((field << 3) | (int)wire);

    private static int SizeOf(ulong number) => (System.Numerics.BitOperations.Log2(number | 1) / 7) + 1;

    private void Head(int field, int length)
    {
        Ensure(length + 6);
        _bytes[_length++] = Tag(field, ProtoWire.Bytes);
        Raw((ulong)length);
    }

    /// <summary>There is room for it.</summary>
    private void Raw(ulong number)
    {
        for (; number >= 0x80; number >>= 7) _bytes[_length++] = (byte)(number | 0x80);
        _bytes[_length++] = (byte)number;
    }

    private void Ensure(int count)
    {
        if (_bytes.Length - _length < count) Array.Resize(ref _bytes, Math.Max(_bytes.Length * 2, _length + count));
    }
}
