using Im.Contracts.Messages;
using Im.Gateway.Presence;
using Im.Hosting;

namespace Im.Gateway.Tests.Reports;

/// <summary>What a gateway sees of its users: changes soon, beats every ten seconds, one report for many.</summary>
public sealed class PresenceReporterTests : IAsyncLifetime
{
    private const long Ann = 11;
    private const long Bob = 12;
    private const long Phone = 101;
    private static readonly TimeSpan Tick = TimeSpan.FromMilliseconds(100);

    private readonly ReportBus<ReportPresence> _bus = new();
    private readonly ManualTime _time = new();
    private readonly NodeIdentity _self = NodeIdentity.Create("gateway-1", ["gateway"], TimeProvider.System);
    private PresenceReporter? _reporter;

    public async ValueTask InitializeAsync()
    {
        await _bus.StartAsync();
        _reporter = new PresenceReporter(_bus.Calls, _self, _time);
        await _reporter.StartAsync(TestContext.Current.CancellationToken);
        await _time.Used.WaitAsync(TestContext.Current.CancellationToken);
    }

    public async ValueTask DisposeAsync()
    {
        await _reporter!.StopAsync(CancellationToken.None);
        _reporter.Dispose();
        await _bus.DisposeAsync();
    }

    [Fact]
    [Trait("abuse", "73")]
    public async Task Changes_are_reported_at_the_next_tick_the_last_status_of_each_device_once()
    {
        for (var i = 0; i < 10; i++) _reporter!.RoutesChanged(Ann);
        _reporter!.StatusChosen(Ann, Phone, "away");
        _reporter.StatusChosen(Ann, Phone, "busy");
        _reporter.StatusChosen(Ann, Phone + 1, "away");
        _reporter.StatusChosen(Bob, Phone, "online");
        _time.Advance(Tick);
        var report = await _bus.NextAsync();
        Assert.Equal(_self.Boot, report.Boot);
        Assert.Equal(
            [
                new PresenceReport(Ann, PresenceSignal.RoutesChanged), new PresenceReport(Ann, PresenceSignal.StatusChosen, "busy", Phone),
                new PresenceReport(Ann, PresenceSignal.StatusChosen, "away", Phone + 1), new PresenceReport(Bob, PresenceSignal.StatusChosen, "online", Phone),
            ],
            report.Reports.OrderBy(one => one.UserId).ThenBy(one => one.Signal).ThenBy(one => one.DeviceKey));
    }

    [Fact]
    public async Task Beats_wait_for_their_time_and_are_one_per_user()
    {
        _reporter!.Beat(Ann);
        _reporter.Beat(Ann);
        _reporter.RoutesChanged(Bob);
        _time.Advance(Tick);
        Assert.Equal(Bob, Assert.Single((await _bus.NextAsync()).Reports).UserId);
        _reporter.Beat(Ann);
        _time.Advance(TimeSpan.FromSeconds(10));
        Assert.Equal(new PresenceReport(Ann, PresenceSignal.Beat), Assert.Single((await _bus.NextAsync()).Reports));
    }

    [Fact]
    public async Task A_newer_status_is_not_undone_by_a_report_that_failed()
    {
        _bus.BeforePublish = _ =>
        {
            _reporter!.StatusChosen(Ann, Phone, "busy");
            throw new InvalidOperationException("the test's broker is away");
        };
        _reporter!.StatusChosen(Ann, Phone, "away");
        _time.Advance(Tick);
        await _bus.TriedAsync();
        _bus.BeforePublish = _ => Task.CompletedTask;
        var next = _bus.NextAsync();
        while (!next.IsCompleted)
        {
            _time.Advance(Tick);
            await Task.Yield();
        }

        Assert.Equal("busy", Assert.Single((await next).Reports).Status);
    }
}
