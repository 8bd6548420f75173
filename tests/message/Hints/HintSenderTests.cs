using Im.Hosting.Lanes;
using Im.Hosting.Routes;
using Im.Message.Cursors;
using Im.Message.Hints;
using Microsoft.Extensions.Logging.Abstractions;
using static Im.Message.Tests.Asked;

namespace Im.Message.Tests.Hints;

/// <summary>Hints are told beside everything else, and dropped rather than waited for.</summary>
public sealed class HintSenderTests : IAsyncDisposable
{
    private readonly LanesDouble _lanes = new();
    private readonly MemoryRouteTable _routes = new(TimeProvider.System);
    private readonly HintSender _sender;

    public HintSenderTests() => _sender = new HintSender(_lanes, _routes, Unheard.Metrics, NullLogger<HintSender>.Instance);

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask DisposeAsync()
    {
        await _sender.StopAsync(CancellationToken.None);
        _sender.Dispose();
    }

    [Fact]
    public async Task A_batch_is_one_envelope_for_each_node()
    {
        await _routes.RegisterAsync(Bob, new Route(3, "node-b", 30, 1), Cancel);
        await _sender.StartAsync(Cancel);
        _sender.Tell(HintPlan.ReceiptsOf([MarkAt(1), MarkAt(2)]));
        var (boot, envelope) = await _lanes.HandedOver.ReadAsync(Cancel);
        Assert.Equal("node-b", boot);
        Assert.Equal([1, 2], envelope.Receipts.Select(one => one.Delivered));
    }

    [Fact]
    public async Task While_a_node_does_not_take_them_a_bounded_number_waits_and_the_rest_is_dropped()
    {
        await _routes.RegisterAsync(Bob, new Route(3, "node-b", 30, 1), Cancel);
        var broker = new TaskCompletionSource<HandOver>(TaskCreationOptions.RunContinuationsAsynchronously);
        _lanes.Answer = _ => broker.Task;
        await _sender.StartAsync(Cancel);
        _sender.Tell(HintPlan.ReceiptsOf([MarkAt(1)]));
        Assert.Equal(1, (await _lanes.HandedOver.ReadAsync(Cancel)).Envelope.Receipts[0].Delivered);
        for (var seq = 2; seq <= 1000; seq++) _sender.Tell(HintPlan.ReceiptsOf([MarkAt(seq)]));
        broker.SetResult(HandOver.Taken);
        for (var seq = 2; seq <= 65; seq++) Assert.Equal(seq, (await _lanes.HandedOver.ReadAsync(Cancel)).Envelope.Receipts[0].Delivered);
        _sender.Tell(HintPlan.ReceiptsOf([MarkAt(2000)]));
        Assert.Equal(2000, (await _lanes.HandedOver.ReadAsync(Cancel)).Envelope.Receipts[0].Delivered);
    }

    [Fact]
    public async Task Without_routes_they_are_dropped_and_the_next_ones_are_told()
    {
        var routes = new FailingOnce(_routes);
        await _routes.RegisterAsync(Bob, new Route(3, "node-b", 30, 1), Cancel);
        using var sender = new HintSender(_lanes, routes, Unheard.Metrics, NullLogger<HintSender>.Instance);
        await sender.StartAsync(Cancel);
        sender.Tell(HintPlan.ReceiptsOf([MarkAt(1)]));
        sender.Tell(HintPlan.ReceiptsOf([MarkAt(2)]));
        Assert.Equal(2, (await _lanes.HandedOver.ReadAsync(Cancel)).Envelope.Receipts[0].Delivered);
        await sender.StopAsync(Cancel);
    }

    private static MarkMoved MarkAt(long seq) => new(Ann, AnnAndBob, 1, seq, 0, true, false);

    private sealed class FailingOnce(IRouteTable table) : IRouteTable
    {
        private bool _failed;

        public Task<Registration> RegisterAsync(long user, Route route, CancellationToken cancel) => table.RegisterAsync(user, route, cancel);

        public Task RemoveAsync(long user, Route route, CancellationToken cancel) => table.RemoveAsync(user, route, cancel);

        public Task<IReadOnlyList<Route>[]> LookUpAsync(IReadOnlyList<long> users, CancellationToken cancel)
        {
            if (_failed) return table.LookUpAsync(users, cancel);
            _failed = true;
            throw new RoutesUnavailableException("the test's routes are away");
        }

        public Task<bool> RenewLeaseAsync(string boot, CancellationToken cancel) => table.RenewLeaseAsync(boot, cancel);

        public Task<IReadOnlyList<long>> SweepAsync(CancellationToken cancel) => table.SweepAsync(cancel);
    }
}
