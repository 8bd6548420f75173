using System.Buffers;

namespace Im.Protocol.Protobuf;

/// <summary>
/// A frame: a message with nothing but a oneof of messages. The last case that came counts; parts of it that came one behind the other are merged, which
/// is to read them as one.
/// </summary>
public readonly ref struct ProtoOneof
{
    /// <param name="cases">The known cases are 1 to this; others are unknown fields.</param>
    public ProtoOneof(ReadOnlySpan<byte> message, int cases)
    {
        ArrayBufferWriter<byte>? merged = null;
        var reader = new ProtoReader(message);
        while (reader.Next())
        {
            var field = reader.Field;
            if (field > cases || reader.Wire != ProtoWire.Bytes)
            {
                reader.Skip();
                continue;
            }

            var part = reader.Bytes();
            // More than one part is rare. One that is broken stays so, whatever follows it.
            if (Case != 0) IsBroken |= (merged is null && !ProtoReader.IsWhole(Content)) || !ProtoReader.IsWhole(part);
            if (Case != field)
            {
                merged = null;
                Case = field;
                Content = part;
                continue;
            }

            if (merged is null) (merged = new ArrayBufferWriter<byte>()).Write(Content);
            merged.Write(part);
            Content = merged.WrittenSpan;
        }

        IsBroken |= reader.IsBroken;
    }

    /// <summary>0 where none came.</summary>
    public int Case { get; }

    public ReadOnlySpan<byte> Content { get; }

    public bool IsBroken { get; }
}
