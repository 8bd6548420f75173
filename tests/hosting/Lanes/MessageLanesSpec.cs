using System.Buffers.Binary;
using System.Collections.Concurrent;
using Im.Hosting.Lanes;

namespace Im.Hosting.Tests.Lanes;

/// <summary>What both kinds of lanes keep.</summary>
public abstract class MessageLanesSpec : IAsyncLifetime
{
    private static int s_shard;
    private readonly ConcurrentDictionary<int, byte> _repeated = new();
    private IMessageLanes? _lanes;

    protected const int Shards = 64;

    /// <summary>More batches than a shard's queue holds.</summary>
    protected abstract int MoreThanFits { get; }

    protected static CancellationToken Cancel => TestContext.Current.CancellationToken;

    protected IMessageLanes Lanes => _lanes!;

    /// <summary>A shard that no other test used.</summary>
    protected int Shard { get; } = Interlocked.Increment(ref s_shard) % Shards;

    protected abstract Task<IMessageLanes> OpenAsync();

    public virtual async ValueTask InitializeAsync() => _lanes = await OpenAsync();

    public virtual ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        return ValueTask.CompletedTask;
    }

    [Fact]
    public async Task Batches_of_a_shard_come_in_the_order_in_which_they_were_submitted()
    {
        var received = Receiving(settle: true);
        await using var reader = await Lanes.ReadShardAsync(Shard, received.TakeAsync, Cancel);
        await SubmitAsync(1, 200);
        Assert.Equal(Enumerable.Range(1, 200), await received.NumbersAsync(200));
    }

    [Fact]
    public async Task Batches_are_handed_out_one_after_the_other()
    {
        var (running, most) = (0, 0);
        var received = Receiving(settle: true);
        await using var reader = await Lanes.ReadShardAsync(
            Shard,
            async (from, batch) =>
            {
                most = Math.Max(most, Interlocked.Increment(ref running));
                await Task.Yield();
                Interlocked.Decrement(ref running);
                await received.TakeAsync(from, batch);
            },
            Cancel);
        await SubmitAsync(1, 100);
        await received.NumbersAsync(100);
        Assert.Equal(1, most);
    }

    [Fact]
    public async Task What_was_not_settled_comes_again_first_and_in_order_when_its_reader_goes()
    {
        var (first, second) = (Receiving(), Receiving());
        var reader = await Lanes.ReadShardAsync(Shard, first.TakeAsync, Cancel);
        await SubmitAsync(1, 10);
        var batches = await first.BatchesAsync(10);
        await reader.SettleAsync(batches[2].Tag, Cancel);
        await using var next = await Lanes.ReadShardAsync(Shard, second.TakeAsync, Cancel);
        await reader.DisposeAsync();
        Assert.True(reader.IsClosed);
        await SubmitAsync(11, 1);

        var again = await second.BatchesAsync(8);
        Assert.Equal(Enumerable.Range(4, 8), again.Select(Number));
        Assert.Equal([.. Enumerable.Repeat(true, 7), false], again.Select(batch => batch.Redelivered));
    }

    [Fact]
    public async Task Of_several_readers_one_is_served()
    {
        var (first, second) = (Receiving(), Receiving());
        var reader = await Lanes.ReadShardAsync(Shard, first.TakeAsync, Cancel);
        await using var next = await Lanes.ReadShardAsync(Shard, second.TakeAsync, Cancel);
        await SubmitAsync(1, 50);
        var batches = await first.BatchesAsync(50);
        await reader.SettleAsync(batches[^1].Tag, Cancel);
        await reader.DisposeAsync();
        await SubmitAsync(51, 1);
        Assert.Equal(new[] { 51 }, await second.NumbersAsync(1));
    }

    [Fact]
    public async Task A_batch_whose_handler_throws_comes_again_with_all_behind_it()
    {
        var second = Receiving();
        var closed = new TaskCompletionSource();
        await using var reader = await Lanes.ReadShardAsync(
            Shard,
            async (from, batch) =>
            {
                if (Number(batch) == 2)
                {
                    closed.SetResult();
                    throw new InvalidOperationException("the test's handler fails");
                }

                await from.SettleAsync(batch.Tag, Cancel);
            },
            Cancel);
        await SubmitAsync(1, 3);
        await closed.Task.WaitAsync(Cancel);
        await using var next = await Lanes.ReadShardAsync(Shard, second.TakeAsync, Cancel);
        Assert.Equal(new[] { 2, 3 }, await second.NumbersAsync(2));
        Assert.True(reader.IsClosed);
    }

    [Fact]
    public async Task A_full_shard_refuses_until_it_was_read()
    {
        var (taken, unknown) = (0, 0);
        var full = false;
        for (var next = 1000; !full && taken < MoreThanFits && unknown < MoreThanFits; next += 50)
        {
            var results = await Task.WhenAll(Enumerable.Range(next, 50).Select(number => Lanes.SubmitAsync(Shard, Bytes(number), Cancel).AsTask()));
            Assert.DoesNotContain(HandOver.Unroutable, results);
            taken += results.Count(result => result == HandOver.Taken);
            unknown += results.Count(result => result == HandOver.Unknown);
            full = results.Contains(HandOver.Full);
        }

        Assert.True(full, $"{taken} batches were taken");
        var received = Receiving(settle: true);
        await using var reader = await Lanes.ReadShardAsync(Shard, received.TakeAsync, Cancel);
        await received.BatchesAsync(taken);
        await SubmitAsync(7, 1);
        // Those of which nothing was known may be there too.
        while ((await received.NumbersAsync(1))[0] != 7) Assert.True(--unknown >= 0, "more came than was taken");
    }

    [Fact]
    public async Task Envelopes_arrive_at_their_node_in_order_and_at_no_other()
    {
        var (one, other) = (Receiving(), Receiving());
        await using var reader = await Lanes.ReadNodeAsync("node-a", one.TakeAsync, Cancel);
        await using var otherReader = await Lanes.ReadNodeAsync("node-b", other.TakeAsync, Cancel);
        for (var i = 1; i <= 200; i++) await DeliverAsync("node-a", i);
        await DeliverAsync("node-b", 900);
        Assert.Equal(Enumerable.Range(1, 200), await one.NumbersAsync(200));
        Assert.Equal(new[] { 900 }, await other.NumbersAsync(1));
    }

    [Fact]
    public async Task Envelopes_that_are_started_together_arrive_in_the_order_of_the_calls()
    {
        var received = Receiving();
        await using var reader = await Lanes.ReadNodeAsync("node-c", received.TakeAsync, Cancel);
        var calls = Enumerable.Range(1, 500).Select(i => Lanes.DeliverAsync("node-c", Bytes(i), Cancel).AsTask()).ToArray();
        Assert.All(await Task.WhenAll(calls), result => Assert.Equal(HandOver.Taken, result));
        Assert.Equal(Enumerable.Range(1, 500), await received.NumbersAsync(500));
    }

    [Fact]
    public async Task An_envelope_for_a_node_that_is_gone_is_unroutable()
    {
        Assert.Equal(HandOver.Unroutable, await Lanes.DeliverAsync("nobody", Bytes(1), Cancel));
        var received = Receiving();
        var reader = await Lanes.ReadNodeAsync("node-d", received.TakeAsync, Cancel);
        await DeliverAsync("node-d", 1);
        await received.NumbersAsync(1);
        await reader.DisposeAsync();
        Assert.Equal(HandOver.Unroutable, await Lanes.DeliverAsync("node-d", Bytes(2), Cancel));
    }

    [Fact]
    public async Task An_envelope_whose_handler_throws_does_not_hold_up_the_next()
    {
        var received = Receiving();
        await using var reader = await Lanes.ReadNodeAsync(
            "node-e",
            envelope => Number(envelope) == 1 ? throw new InvalidOperationException("the test's handler fails") : received.TakeAsync(envelope),
            Cancel);
        for (var i = 1; i <= 3; i++) await DeliverAsync("node-e", i);
        Assert.Equal(new[] { 2, 3 }, await received.NumbersAsync(2));
    }

    [Fact]
    public async Task A_node_is_read_once()
    {
        await using var reader = await Lanes.ReadNodeAsync("node-f", _ => ValueTask.CompletedTask, Cancel);
        await Assert.ThrowsAsync<InvalidOperationException>(() => Lanes.ReadNodeAsync("node-f", _ => ValueTask.CompletedTask, Cancel));
    }

    protected async Task SubmitAsync(int from, int count)
    {
        for (var number = from; number < from + count; number++) await TakenAsync(number, bytes => Lanes.SubmitAsync(Shard, bytes, Cancel));
    }

    protected Task DeliverAsync(string boot, int number) => TakenAsync(number, bytes => Lanes.DeliverAsync(boot, bytes, Cancel));

    protected Received Receiving(bool settle = false) => new(settle, _repeated.ContainsKey);

    /// <summary>Where nothing is known of it, for the broker or this process paused, it is repeated, as it may be.</summary>
    private async Task TakenAsync(int number, Func<ReadOnlyMemory<byte>, ValueTask<HandOver>> handOver)
    {
        Assert.Equal(HandOver.Taken, await Patiently.UntilAsync(() => handOver(Bytes(number)).AsTask(), IsKnown));

        bool IsKnown(HandOver result)
        {
            if (result == HandOver.Unknown) _repeated[number] = 0;
            return result != HandOver.Unknown;
        }
    }

    protected static int Number(LaneBatch batch) => Number(batch.Body);

    internal static int Number(ReadOnlyMemory<byte> bytes) => BinaryPrimitives.ReadInt32LittleEndian(bytes.Span);

    protected static byte[] Bytes(int number)
    {
        var bytes = new byte[4];
        BinaryPrimitives.WriteInt32LittleEndian(bytes, number);
        return bytes;
    }
}
