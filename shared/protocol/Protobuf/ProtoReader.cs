namespace Im.Protocol.Protobuf;

/// <summary>How a field's value is written.</summary>
public enum ProtoWire
{
    Varint = 0,
    Fixed64 = 1,
    Bytes = 2,
    GroupStart = 3,
    GroupEnd = 4,
    Fixed32 = 5,
}

/// <summary>
/// Walks over the fields of one protobuf message. Copies nothing and throws nothing: where the bytes end too early or make no sense the walk ends and
/// <see cref="IsBroken"/> says so. After each <see cref="Next"/> the value is read or skipped, once.
/// </summary>
public ref struct ProtoReader(ReadOnlySpan<byte> message)
{
    /// <summary>Of groups in groups; nobody writes them any more, and the stack is finite.</summary>
    private const int MaxDepth = 100;

    private readonly ReadOnlySpan<byte> _message = message;

    public bool IsBroken { get; private set; }

    /// <summary>The number of the current field.</summary>
    public int Field { get; private set; }

    public ProtoWire Wire { get; private set; }

    /// <summary>Of the next byte.</summary>
    public int Position { get; private set; }

    /// <summary>Goes to the next field; false at the end, and where the message is broken.</summary>
    public bool Next() => NextTag() && (Wire != ProtoWire.GroupEnd || Break());

    public ulong Varint()
    {
        if (Position < _message.Length && _message[Position] < 0x80) return _message[Position++];
        ulong value = 0;
        for (var shift = 0; shift < 70 && Position < _message.Length; shift += 7)
        {
            var next = _message[Position++];
            value |= (ulong)(next & 0x7F) << shift;
            if (next < 0x80) return value;
        }

        Break();
        return 0;
    }

    public ReadOnlySpan<byte> Bytes()
    {
        // Lengths have 32 bits; one that is negative is larger than any message as well.
        var length = (uint)Varint();
        if (IsBroken || length > _message.Length - Position)
        {
            Break();
            return default;
        }

        Position += (int)length;
        return _message.Slice(Position - (int)length, (int)length);
    }

    public void Skip() => Skip(0);

    /// <summary>True where every field of the message can be walked over.</summary>
    public static bool IsWhole(ReadOnlySpan<byte> message)
    {
        var reader = new ProtoReader(message);
        while (reader.Next()) reader.Skip();
        return !reader.IsBroken;
    }

    private void Skip(int depth)
    {
        switch (Wire)
        {
            case ProtoWire.Varint: Varint(); break;
            case ProtoWire.Bytes: Bytes(); break;
            case ProtoWire.Fixed64: Pass(8); break;
            case ProtoWire.Fixed32: Pass(4); break;
            default: SkipGroup(Field, depth); break;
        }
    }

    private void SkipGroup(int field, int depth)
    {
        while (depth < MaxDepth && NextTag())
        {
            if (Wire == ProtoWire.GroupEnd)
            {
                if (Field != field) Break();
                return;
            }

            Skip(depth + 1);
        }

        Break();
    }

    private bool NextTag()
    {
        if (Position >= _message.Length) return false;
        var tag = (uint)Varint();
        (Field, Wire) = ((int)(tag >> 3), (ProtoWire)(tag & 7));
        return Field > 0 && Wire <= ProtoWire.Fixed32 ? !IsBroken : Break();
    }

    private void Pass(int length)
    {
        if (length > _message.Length - Position) Break();
        else Position += length;
    }

    private bool Break()
    {
        IsBroken = true;
        Position = _message.Length;
        return false;
    }
}
