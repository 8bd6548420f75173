using System.Buffers;
using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Unicode;

namespace Im.Protocol.Protobuf;

/// <summary>
/// The fields 1 to 8 of one message by number, as slices: of each the last value that came, which is the rule of protobuf. A value of another wire type
/// than the one asked for is as good as absent, like every unknown field.
/// </summary>
public ref struct ProtoFields
{
    private const int Count = 9;

    private readonly ReadOnlySpan<byte> _message;
    private readonly Slots _numbers;

    /// <summary>Where the bytes begin, and their length, in the upper and lower half.</summary>
    private readonly Slots _places;

    private readonly uint _hasNumber, _hasBytes, _repeated;

    public ProtoFields(ReadOnlySpan<byte> message)
    {
        _message = message;
        var reader = new ProtoReader(message);
        while (reader.Next())
        {
            var field = reader.Field;
            if (field >= Count || reader.Wire is not (ProtoWire.Varint or ProtoWire.Bytes))
            {
                reader.Skip();
            }
            else if (reader.Wire == ProtoWire.Varint)
            {
                _numbers[field] = (long)reader.Varint();
                _hasNumber |= 1u << field;
            }
            else
            {
                var length = reader.Bytes().Length;
                _places[field] = ((long)(reader.Position - length) << 32) | (uint)length;
                _repeated |= _hasBytes & (1u << field);
                _hasBytes |= 1u << field;
            }
        }

        IsBroken = reader.IsBroken;
    }

    /// <summary>The bytes break off or make no sense; what came before that can still be asked for.</summary>
    public bool IsBroken { get; }

    /// <summary>A text that was asked for is no UTF-8.</summary>
    public bool HasBadText { get; private set; }

    public readonly bool HasBytes(int field) => (_hasBytes & (1u << field)) != 0;

    public readonly long Number(int field) => _numbers[field];

    public readonly long? NumberIfSet(int field) => (_hasNumber & (1u << field)) != 0 ? _numbers[field] : null;

    public readonly bool Flag(int field) => _numbers[field] != 0;

    public readonly ReadOnlySpan<byte> Bytes(int field) => _message.Slice((int)(_places[field] >> 32), (int)_places[field]);

    /// <summary>Empty where it is absent; also where it is no UTF-8, see <see cref="HasBadText"/>.</summary>
    public string Text(int field) => TextOf(Bytes(field));

    public string? TextIfSet(int field) => HasBytes(field) ? Text(field) : null;

    /// <summary>Of two fields of a oneof the one that counts; 0 where none came.</summary>
    public readonly int LastOf(int one, int other)
    {
        if (!HasBytes(one)) return HasBytes(other) ? other : 0;
        return HasBytes(other) && _places[other] > _places[one] ? other : one;
    }

    /// <summary>All values of a repeated text, at most one more than <paramref name="limit"/>.</summary>
    public List<string> Texts(int field, int limit = int.MaxValue)
    {
        var texts = new List<string>();
        var reader = new ProtoReader(_message);
        while (texts.Count <= limit && reader.Next())
        {
            if (reader.Field == field && reader.Wire == ProtoWire.Bytes) texts.Add(TextOf(reader.Bytes()));
            else reader.Skip();
        }

        return texts;
    }

    /// <summary>A message in this field. Parts that came one by one are merged, which is to read them one behind the other.</summary>
    public readonly ProtoFields Message(int field) => new((_repeated & (1u << field)) == 0 ? Bytes(field) : Merged(field));

    private readonly ReadOnlySpan<byte> Merged(int field)
    {
        var merged = new ArrayBufferWriter<byte>();
        var reader = new ProtoReader(_message);
        while (reader.Next())
        {
            if (reader.Field != field || reader.Wire != ProtoWire.Bytes)
            {
                reader.Skip();
                continue;
            }

            var part = reader.Bytes();
            merged.Write(part);
            // Two broken parts may make a whole one.
            if (!ProtoReader.IsWhole(part)) return part;
        }

        return merged.WrittenSpan;
    }

    private string TextOf(ReadOnlySpan<byte> bytes)
    {
        if (Utf8.IsValid(bytes)) return Encoding.UTF8.GetString(bytes);
        HasBadText = true;
        return "";
    }

    [InlineArray(Count)]
    private struct Slots
    {
        private long _first;
    }
}
