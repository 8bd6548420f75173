using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace Im.Contracts;

/// <summary>
/// Names a conversation in 128 bits without a look-up: of two users it is the pair of their ids, smaller first (so it is the same from both sides,
/// and who takes part is known from the id alone); of a group it is (0, group id). On the wire <c>d12-34</c> or <c>g56</c>.
/// </summary>
public readonly record struct ConversationId(long High, long Low) : IComparable<ConversationId>
{
    public bool IsDirect => High > 0;

    public bool IsGroup => High == 0;

    public static ConversationId Direct(long one, long other) => one <= other ? new(one, other) : new(other, one);

    public static ConversationId Group(long groupId) => new(0, groupId);

    /// <summary>True for the two of a direct conversation; says nothing about groups.</summary>
    public bool IsBetween(long user) => IsDirect && (user == High || user == Low);

    /// <summary>The other of the two; the user himself where he writes to himself.</summary>
    public long PeerOf(long user) => user == High ? Low : High;

    /// <summary>Which of <paramref name="shards"/> orders this conversation. Fixed for life: it decides by whom the conversation is ordered, and which revision guards it.</summary>
    public int Shard(int shards)
    {
        // Fibonacci hashing, high bits: neighbouring ids must not share a shard.
        var mixed = unchecked((((ulong)High * 0x9E3779B97F4A7C15UL) ^ (ulong)Low) * 0x9E3779B97F4A7C15UL);
        return (int)((mixed >> 32) % (uint)shards);
    }

    public Guid ToGuid()
    {
        Span<byte> bytes = stackalloc byte[16];
        System.Buffers.Binary.BinaryPrimitives.WriteInt64BigEndian(bytes, High);
        System.Buffers.Binary.BinaryPrimitives.WriteInt64BigEndian(bytes[8..], Low);
        return new Guid(bytes, bigEndian: true);
    }

    public static ConversationId FromGuid(Guid id)
    {
        Span<byte> bytes = stackalloc byte[16];
        id.TryWriteBytes(bytes, bigEndian: true, out _);
        return new(
            System.Buffers.Binary.BinaryPrimitives.ReadInt64BigEndian(bytes), System.Buffers.Binary.BinaryPrimitives.ReadInt64BigEndian(bytes[8..]));
    }

    /// <summary>Reads the wire form; false for anything that <see cref="ToString"/> would not write.</summary>
    public static bool TryParse([NotNullWhen(true)] string? text, out ConversationId id)
    {
        id = default;
        if (text is null || text.Length is < 2 or > 64) return false;
        if (text[0] == 'g')
        {
            if (!Ids.TryParse(text.AsSpan(1), out var group)) return false;
            id = Group(group);
            return true;
        }

        var dash = text.IndexOf('-', StringComparison.Ordinal);
        if (text[0] != 'd' || dash < 0) return false;
        if (!Ids.TryParse(text.AsSpan(1, dash - 1), out var high) || !Ids.TryParse(text.AsSpan(dash + 1), out var low) || high > low) return false;
        id = new(high, low);
        return true;
    }

    /// <summary>The id of the message at <paramref name="seq"/>: its place, so it needs no storage and no look-up.</summary>
    public string MessageId(long seq) => string.Create(CultureInfo.InvariantCulture, $"{this}.{seq}");

    /// <summary>Reads the id of a message; false for anything that <see cref="MessageId"/> would not write.</summary>
    public static bool TryParseMessageId([NotNullWhen(true)] string? text, out ConversationId id, out long seq)
    {
        (id, seq) = (default, 0);
        var dot = text?.LastIndexOf('.') ?? -1;
        return dot > 0 && Ids.TryParse(text.AsSpan(dot + 1), out seq) && TryParse(text![..dot], out id);
    }

    public int CompareTo(ConversationId other) => High != other.High ? High.CompareTo(other.High) : Low.CompareTo(other.Low);

    public override int GetHashCode() => HashCode.Combine(High, Low);

    public override string ToString() => IsGroup
        ? string.Create(CultureInfo.InvariantCulture, $"g{Low}")
        : string.Create(CultureInfo.InvariantCulture, $"d{High}-{Low}");

    public static bool operator <(ConversationId left, ConversationId right) => left.CompareTo(right) < 0;

    public static bool operator >(ConversationId left, ConversationId right) => left.CompareTo(right) > 0;

    public static bool operator <=(ConversationId left, ConversationId right) => left.CompareTo(right) <= 0;

    public static bool operator >=(ConversationId left, ConversationId right) => left.CompareTo(right) >= 0;
}
