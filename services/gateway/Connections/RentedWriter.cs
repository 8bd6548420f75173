using System.Buffers;

namespace Im.Gateway.Connections;

/// <summary>
/// Bytes in an array of a pool, rented with the first byte and given back when they are written: of thousands of connections few have something to write at
/// any moment, and none should keep what its last replay took. Not thread-safe.
/// </summary>
public sealed class RentedWriter : IBufferWriter<byte>
{
    /// <summary>Most writes are an answer or a message or two.</summary>
    private const int First = 1024;

    /// <summary>The shared pool keeps up to 32 arrays of each size and core for a minute and longer: of larger ones that is 100 MB after many have been behind at once.</summary>
    private const int LargestShared = 64 * 1024;

    /// <summary>For who is behind, and keeps 8 MB at most. What is lacking is made anew and left to the collector.</summary>
    private static readonly ArrayPool<byte> Large = ArrayPool<byte>.Create(2 * 1024 * 1024, maxArraysPerBucket: 2);

    private byte[] _bytes = [];

    public int WrittenCount { get; private set; }

    public ReadOnlyMemory<byte> WrittenMemory => _bytes.AsMemory(0, WrittenCount);

    /// <summary>What it holds of the pool.</summary>
    public int Capacity => _bytes.Length;

    public void Advance(int count)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan((uint)count, (uint)(_bytes.Length - WrittenCount));
        WrittenCount += count;
    }

    public Memory<byte> GetMemory(int sizeHint = 0)
    {
        Ensure(sizeHint);
        return _bytes.AsMemory(WrittenCount);
    }

    public Span<byte> GetSpan(int sizeHint = 0)
    {
        Ensure(sizeHint);
        return _bytes.AsSpan(WrittenCount);
    }

    /// <summary>Nobody reads what was written any more.</summary>
    public void Return()
    {
        GiveBack();
        Drop();
    }

    /// <summary>Somebody may still read it: the array is left to the collector.</summary>
    public void Drop() => (_bytes, WrittenCount) = ([], 0);

    private void Ensure(int sizeHint)
    {
        var needed = WrittenCount + Math.Max(sizeHint, 1);
        if (needed <= _bytes.Length) return;
        var size = Math.Max(needed, Math.Max(First, 2 * _bytes.Length));
        var larger = PoolOf(size).Rent(size);
        WrittenMemory.CopyTo(larger);
        GiveBack();
        _bytes = larger;
    }

    private void GiveBack()
    {
        if (_bytes.Length > 0) PoolOf(_bytes.Length).Return(_bytes);
    }

    /// <summary>Both pools have arrays of powers of two, so that the size asked for and the size of the array lead to the same.</summary>
    private static ArrayPool<byte> PoolOf(int size) => size <= LargestShared ? ArrayPool<byte>.Shared : Large;
}
