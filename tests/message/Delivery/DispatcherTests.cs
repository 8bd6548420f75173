using Im.Contracts.Lanes;
using Im.Hosting.Lanes;
using Im.Hosting.Routes;
using Im.Message.Commit;
using Im.Message.Delivery;
using Im.Message.Tests.Commit;
using Microsoft.Extensions.Logging.Abstractions;
using static Im.Message.Tests.Asked;

namespace Im.Message.Tests.Delivery;

/// <summary>Look at the routes, hand over, and only then settle.</summary>
public sealed class DispatcherTests : IAsyncDisposable
{
    private readonly LanesDouble _lanes = new();
    private readonly ReaderDouble _reader = new();
    private readonly World _world = new();
    private Dispatcher? _dispatcher;
    private ulong _tag;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask DisposeAsync()
    {
        if (_dispatcher is null) return;
        await _dispatcher.StopAsync(CancellationToken.None);
        _dispatcher.Dispose();
    }

    [Fact]
    public async Task A_batch_is_settled_only_when_its_envelopes_were_handed_over()
    {
        var broker = new TaskCompletionSource<HandOver>(TaskCreationOptions.RunContinuationsAsynchronously);
        var isFirst = true;
        _lanes.Answer = _ => Interlocked.Exchange(ref isFirst, false) ? broker.Task : Task.FromResult(HandOver.Taken);
        await StartAsync(new MemoryRouteTable(TimeProvider.System));
        await CommitAsync("a");
        await CommitAsync("b");
        // The second commit goes on its way while the first one still waits for the broker.
        Assert.Equal(1, (await NextAsync()).Envelope.Deliveries[0].Seq);
        Assert.Equal(2, (await NextAsync()).Envelope.Deliveries[0].Seq);
        Assert.Empty(_reader.Settled);
        broker.SetResult(HandOver.Taken);
        await _reader.UntilSettledAsync(2);
        Assert.Equal([1, 2], _reader.Settled);
    }

    [Theory]
    [InlineData(HandOver.Full)]
    [InlineData(HandOver.Unroutable)]
    [InlineData(HandOver.Unknown)]
    public async Task An_envelope_that_is_not_taken_holds_nothing_up(HandOver answer)
    {
        _lanes.Answer = _ => Task.FromResult(answer);
        await StartAsync(new MemoryRouteTable(TimeProvider.System));
        await CommitAsync("a");
        await _reader.UntilSettledAsync(1);
    }

    [Fact]
    public async Task Of_several_batches_of_a_reader_the_last_one_is_settled_with_all_before_it()
    {
        var other = new ReaderDouble(1);
        await StartAsync(new MemoryRouteTable(TimeProvider.System));
        await _dispatcher!.EnqueueAsync(new Committed([], [BatchOf(_reader, 1), BatchOf(other, 8), BatchOf(_reader, 2), BatchOf(other, 9)], 0), Cancel);
        await _reader.UntilSettledAsync(2);
        await other.UntilSettledAsync(9);
        Assert.Equal([2], _reader.Settled);
        Assert.Equal([9], other.Settled);
    }

    [Fact]
    public async Task Without_routes_the_sender_is_answered_and_when_they_are_back_the_others_are_reached()
    {
        var routes = new BrokenRoutes();
        await routes.RegisterAsync(Bob, new Route(1, "node-b", 50, 1), Cancel);
        await StartAsync(routes);
        await CommitAsync("a");
        Assert.Equal((Node, Connection), await OriginAsync());
        await _reader.UntilSettledAsync(1);
        Assert.False(_lanes.HandedOver.TryRead(out _));
        routes.AreBroken = false;
        await CommitAsync("b");
        await _reader.UntilSettledAsync(2);
        var boots = new List<string>();
        while (_lanes.HandedOver.TryRead(out var handedOver)) boots.Add(handedOver.Boot);
        Assert.Equal([Node, "node-b"], boots.Order());
    }

    [Fact]
    public async Task Envelopes_of_a_node_are_handed_over_in_the_order_of_the_commits()
    {
        var routes = new MemoryRouteTable(TimeProvider.System);
        await routes.RegisterAsync(Bob, new Route(1, "node-b", 50, 1), Cancel);
        // The broker answers when it likes; the order of the hand-overs does not depend on it.
        _lanes.Answer = async _ =>
        {
            await Task.Yield();
            return HandOver.Taken;
        };
        await StartAsync(routes);
        for (var i = 1; i <= 100; i++) await CommitAsync($"{i}");
        await _reader.UntilSettledAsync(100);
        var seqs = new Dictionary<string, List<long>> { [Node] = [], ["node-b"] = [] };
        while (_lanes.HandedOver.TryRead(out var handedOver)) seqs[handedOver.Boot].AddRange(handedOver.Envelope.Deliveries.Select(delivery => delivery.Seq));
        Assert.All(seqs.Values, found => Assert.Equal(Enumerable.Range(1, 100).Select(seq => (long)seq), found));
        Assert.Equal(Enumerable.Range(1, 100).Select(tag => (ulong)tag), _reader.Settled);
    }

    private async Task StartAsync(IRouteTable routes)
    {
        _dispatcher = new Dispatcher(_lanes, routes, Unheard.Metrics, TimeProvider.System, NullLogger<Dispatcher>.Instance);
        await _dispatcher.StartAsync(Cancel);
    }

    private async Task CommitAsync(string id)
    {
        var plan = _world.Plan(Send(Ann, AnnAndBob, id));
        foreach (var state in plan.After) _world.States[state.Id] = state;
        await _dispatcher!.EnqueueAsync(new Committed(plan.Outcomes, [BatchOf(_reader, ++_tag)], 0), Cancel);
    }

    private ValueTask<(string Boot, Envelope Envelope)> NextAsync() => _lanes.HandedOver.ReadAsync(Cancel);

    private async Task<(string Boot, long Connection)> OriginAsync()
    {
        var (boot, envelope) = await NextAsync();
        return (boot, Assert.Single(envelope.Deliveries).Origin);
    }

    private static PendingBatch BatchOf(ReaderDouble reader, ulong tag) => new(reader, tag, false, [], 0, 0);

    private sealed class BrokenRoutes : IRouteTable
    {
        private readonly MemoryRouteTable _table = new(TimeProvider.System);

        public bool AreBroken { get; set; } = true;

        public Task<Registration> RegisterAsync(long user, Route route, CancellationToken cancel) => _table.RegisterAsync(user, route, cancel);

        public Task RemoveAsync(long user, Route route, CancellationToken cancel) => _table.RemoveAsync(user, route, cancel);

        public Task<IReadOnlyList<Route>[]> LookUpAsync(IReadOnlyList<long> users, CancellationToken cancel) =>
            AreBroken ? throw new RoutesUnavailableException("the test's routes are away") : _table.LookUpAsync(users, cancel);

        public Task<bool> RenewLeaseAsync(string boot, CancellationToken cancel) => _table.RenewLeaseAsync(boot, cancel);

        public Task<IReadOnlyList<long>> SweepAsync(CancellationToken cancel) => _table.SweepAsync(cancel);
    }
}
