using System.Text;
using Im.Bench.Results;

namespace Im.Bench.Load;

/// <summary>What one connection has of one conversation.</summary>
internal sealed class Place(byte[] key)
{
    // Left out so far; an entry that comes late is out of order, one that comes again is doubled.
    private HashSet<long>? _missing;

    public byte[] Key { get; } = key;

    public string Id { get; } = Encoding.UTF8.GetString(key);

    public long Last { get; private set; }

    public bool AckDue { get; set; }

    /// <param name="anyStart">The conversation existed before this connection: the first seq may be any.</param>
    /// <returns>True when it is new here.</returns>
    public bool Note(long seq, bool anyStart, Tally tally)
    {
        if (seq == Last + 1 || (Last == 0 && anyStart))
        {
            Last = seq;
            return true;
        }

        if (seq <= Last)
        {
            var late = _missing?.Remove(seq) == true;
            if (late) tally.CountDisordered();
            else tally.CountDoubled();
            return late;
        }

        _missing ??= [];
        for (var left = Last + 1; left < seq && _missing.Count < 100_000; left++) _missing.Add(left);
        tally.CountGap(seq - Last - 1);
        Last = seq;
        return true;
    }
}

/// <summary>Finds a conversation by the bytes of its id as they stand in the frame.</summary>
internal sealed class ByUtf8 : IEqualityComparer<byte[]>, IAlternateEqualityComparer<ReadOnlySpan<byte>, byte[]>
{
    public bool Equals(byte[]? x, byte[]? y) => x.AsSpan().SequenceEqual(y);

    public bool Equals(ReadOnlySpan<byte> alternate, byte[] other) => alternate.SequenceEqual(other);

    public int GetHashCode(byte[] obj) => GetHashCode(obj.AsSpan());

    public int GetHashCode(ReadOnlySpan<byte> alternate)
    {
        var hash = default(HashCode);
        hash.AddBytes(alternate);
        return hash.ToHashCode();
    }

    public byte[] Create(ReadOnlySpan<byte> alternate) => alternate.ToArray();
}
