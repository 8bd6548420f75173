using System.Buffers;
using System.Collections.Concurrent;
using System.Runtime.InteropServices;
using Microsoft.AspNetCore.Connections;

namespace Im.Gateway.Connections;

/// <summary>
/// The memory through which Kestrel reads and writes its sockets, in blocks of 4 KiB. A mass of connections that comes at once takes two blocks each for a moment.
/// Kestrel's own pool (.NET 10) keeps all of them while there is traffic, and gives back one in a hundred every ten seconds at best; this one keeps 512, 2 MiB, and
/// leaves the others to the collector.
/// </summary>
/// <remarks>Kestrel has one pool for each of its queues, at most one per core.</remarks>
public sealed class SocketBlocks : MemoryPool<byte>
{
    public const int BlockBytes = 4096;

    /// <summary>Blocks that are kept though nobody uses them; a few more where several threads return one at the same moment.</summary>
    public const int MostFree = 512;

    private readonly ConcurrentQueue<Block> _free = new();
    private int _count;

    public override int MaxBufferSize => BlockBytes;

    /// <exception cref="ArgumentOutOfRangeException">More than a block was asked for.</exception>
    public override IMemoryOwner<byte> Rent(int minBufferSize = -1)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(minBufferSize, BlockBytes);
        if (!_free.TryDequeue(out var block)) return new Block(this);
        Interlocked.Decrement(ref _count);
        return block;
    }

    protected override void Dispose(bool disposing) => _free.Clear();

    private void Return(Block block)
    {
        if (Volatile.Read(ref _count) >= MostFree) return;
        Interlocked.Increment(ref _count);
        _free.Enqueue(block);
    }

    /// <summary>Pinned from the first moment, so that sockets need not do it for each call.</summary>
    private sealed class Block(SocketBlocks pool) : IMemoryOwner<byte>
    {
        public Memory<byte> Memory { get; } = MemoryMarshal.CreateFromPinnedArray(GC.AllocateUninitializedArray<byte>(BlockBytes, pinned: true), 0, BlockBytes);

        public void Dispose() => pool.Return(this);
    }

    /// <summary>Registered in the place of Kestrel's own.</summary>
    public sealed class Factory : IMemoryPoolFactory<byte>
    {
        public MemoryPool<byte> Create(MemoryPoolOptions? options = null) => new SocketBlocks();
    }
}
