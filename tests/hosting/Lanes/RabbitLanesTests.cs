using System.Diagnostics;
using Im.Hosting.Health;
using Im.Hosting.Lanes;
using Im.Hosting.Tls;
using Im.Local;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace Im.Hosting.Tests.Lanes;

/// <summary>The lanes over a real broker; besides the specification, what they keep when it is killed or frozen.</summary>
public sealed class RabbitLanesTests(Servers servers) : MessageLanesSpec
{
    private RabbitLanes? _rabbitLanes;
    private PrivateRabbitMq? _rabbit;

    protected override int MoreThanFits => 4100;

    protected override async Task<IMessageLanes> OpenAsync()
    {
        _rabbit = await servers.RabbitAsync();
        var settings = Options.Create(new ImOptions { Bus = _rabbit.Uri, Shards = Shards });
        _rabbitLanes = new RabbitLanes(
            settings,
            NodeIdentity.Create("lanes-test", [], TimeProvider.System),
            new Dependencies(NullLogger<Dependencies>.Instance),
            new ServerTrust(settings, TimeProvider.System, NullLogger<ServerTrust>.Instance),
            TimeProvider.System,
            NullLogger<RabbitLanes>.Instance);
        var up = Restored(_rabbitLanes);
        await _rabbitLanes.StartAsync(Cancel);
        await up;
        return _rabbitLanes;
    }

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        if (_rabbitLanes is null) return;
        await _rabbitLanes.StopAsync(CancellationToken.None);
        _rabbitLanes.Dispose();
    }

    [Fact]
    public async Task A_broker_that_was_killed_comes_back_with_every_batch_that_was_not_settled()
    {
        var (received, node) = (Receiving(), Receiving());
        var reader = await Lanes.ReadShardAsync(Shard, received.TakeAsync, Cancel);
        await using var nodeReader = await Lanes.ReadNodeAsync("survivor", node.TakeAsync, Cancel);
        await SubmitAsync(1, 20);
        var batches = await received.BatchesAsync(20);
        await reader.SettleAsync(batches[9].Tag, Cancel);
        await SubmitAsync(21, 1);

        _rabbit!.Kill();
        await _rabbit.Exited.WaitAsync(Cancel);
        var back = Restored(Lanes);
        await _rabbit.StartAsync(Cancel);
        await back;
        Assert.True(reader.IsClosed);
        await reader.DisposeAsync();

        var again = Receiving();
        await using var next = await Lanes.ReadShardAsync(Shard, again.TakeAsync, Cancel);
        // The broker writes settlements to disk a little later than it takes them: the kill may bring some back, at the front and in order.
        var first = (await again.NumbersAsync(1))[0];
        Assert.InRange(first, 1, 11);
        Assert.Equal(Enumerable.Range(first + 1, 21 - first), await again.NumbersAsync(21 - first));
        await DeliverAsync("survivor", 5);
        Assert.Equal(new[] { 5 }, await node.NumbersAsync(1));
    }

    [Fact]
    public async Task A_frozen_broker_is_answered_as_unknown_within_the_limit_and_works_again_when_it_wakes()
    {
        await using var node = await Lanes.ReadNodeAsync("frozen", _ => ValueTask.CompletedTask, Cancel);
        _rabbit!.Pause();
        try
        {
            var watch = Stopwatch.StartNew();
            var results = await Task.WhenAll(
                Lanes.SubmitAsync(Shard, Bytes(1), Cancel).AsTask(), Lanes.DeliverAsync("frozen", Bytes(1), Cancel).AsTask());
            Assert.Equal([HandOver.Unknown, HandOver.Unknown], results);
            // The limit is three seconds; the rest is a busy machine's.
            Assert.InRange(watch.Elapsed, TimeSpan.Zero, TimeSpan.FromSeconds(8));
        }
        finally
        {
            _rabbit.Resume();
        }

        var received = Receiving();
        await using var reader = await Lanes.ReadShardAsync(Shard, received.TakeAsync, Cancel);
        await SubmitAsync(2, 1);
        // The one of which nothing was known may be there as well, and then before the other.
        var first = (await received.NumbersAsync(1))[0];
        if (first == 1) first = (await received.NumbersAsync(1))[0];
        Assert.Equal(2, first);
    }

    [Fact]
    public async Task Lanes_find_a_broker_that_starts_after_them()
    {
        _rabbit!.Kill();
        await _rabbit.Exited.WaitAsync(Cancel);
        await DisposeAsync();
        var settings = Options.Create(new ImOptions { Bus = _rabbit.Uri, Shards = Shards });
        var late = new RabbitLanes(
            settings,
            NodeIdentity.Create("early", [], TimeProvider.System),
            new Dependencies(NullLogger<Dependencies>.Instance),
            new ServerTrust(settings, TimeProvider.System, NullLogger<ServerTrust>.Instance),
            TimeProvider.System,
            NullLogger<RabbitLanes>.Instance);
        var up = Restored(late);
        await late.StartAsync(Cancel);
        Assert.False(late.IsUp);
        Assert.Equal(HandOver.Unknown, await late.SubmitAsync(Shard, Bytes(1), Cancel));
        await _rabbit.StartAsync(Cancel);
        await up;
        Assert.Equal(HandOver.Taken, await late.SubmitAsync(Shard, Bytes(1), Cancel));
        await late.StopAsync(Cancel);
        late.Dispose();
        _rabbitLanes = null;
    }

    private static Task Restored(IMessageLanes lanes)
    {
        var restored = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        lanes.Restored += () => restored.TrySetResult();
        // With the start of the broker in between, which takes its time on a busy machine.
        return restored.Task.WaitAsync(TimeSpan.FromSeconds(90), Cancel);
    }
}
