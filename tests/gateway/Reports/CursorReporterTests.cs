using Im.Contracts;
using Im.Contracts.Messages;
using Im.Gateway.Cursors;

namespace Im.Gateway.Tests.Reports;

/// <summary>Acknowledgements on their way to the log: the highest one of each device, few soon and many at once.</summary>
public sealed class CursorReporterTests : IAsyncLifetime
{
    private const long Ann = 11;
    private const long Phone = 101;
    private static readonly TimeSpan Tick = TimeSpan.FromMilliseconds(100);
    private static readonly ConversationId Chat = ConversationId.Direct(Ann, 12);

    private readonly ReportBus<ReportCursors> _bus = new();
    private readonly ManualTime _time = new();
    private CursorReporter? _reporter;

    public async ValueTask InitializeAsync()
    {
        _bus.Answer = _ => new CursorsStored();
        await _bus.StartAsync();
        _reporter = new CursorReporter(_bus.Calls, _time);
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
    [Trait("abuse", "77")]
    public async Task Of_many_moves_the_highest_is_reported_once()
    {
        for (var seq = 1; seq <= 1000; seq++) _reporter!.Moved(Ann, Phone, Chat, seq, seq / 2);
        _reporter!.Moved(Ann, Phone, Chat, 3, 0);
        _reporter.Moved(Ann, Phone + 1, Chat, 7, 7);
        _time.Advance(Tick);
        var report = await _bus.NextAsync();
        Assert.Equal(
            [new CursorMoved(Ann, Phone, Chat.ToGuid(), 1000, 500), new CursorMoved(Ann, Phone + 1, Chat.ToGuid(), 7, 7)],
            report.Cursors.OrderBy(one => one.DeviceKey));
    }

    [Fact]
    public async Task What_was_reported_is_not_reported_again()
    {
        _reporter!.Moved(Ann, Phone, Chat, 1, 0);
        _time.Advance(Tick);
        Assert.Equal(1, Assert.Single((await _bus.NextAsync()).Cursors).Delivered);
        _reporter.Moved(Ann, Phone + 1, Chat, 2, 0);
        Assert.Equal(2, Assert.Single((await ReportedAsync()).Cursors).Delivered);
    }

    [Fact]
    public async Task Under_load_two_seconds_are_gathered()
    {
        _reporter!.Moved(Ann, Phone, Chat, 1, 0);
        _time.Advance(Tick);
        await _bus.NextAsync();
        for (var device = 0; device < 300; device++) _reporter.Moved(Ann, device, Chat, 1, 0);
        _time.Advance(Tick);
        _time.Advance(TimeSpan.FromSeconds(1.5));
        for (var device = 0; device < 400; device++) _reporter.Moved(Ann, device, Chat, 2, 0);
        _time.Advance(TimeSpan.FromSeconds(0.5));
        var report = await _bus.NextAsync();
        Assert.Equal(400, report.Cursors.Count);
        Assert.All(report.Cursors, one => Assert.Equal(2, one.Delivered));
    }

    [Fact]
    public async Task A_report_that_failed_is_repeated_with_what_came_meanwhile()
    {
        _bus.BeforePublish = _ =>
        {
            _reporter!.Moved(Ann, Phone, Chat, 9, 0);
            throw new InvalidOperationException("the test's broker is away");
        };
        _reporter!.Moved(Ann, Phone, Chat, 5, 5);
        _reporter.Moved(Ann, Phone + 1, Chat, 6, 0);
        _time.Advance(Tick);
        await _bus.TriedAsync();
        _bus.BeforePublish = _ => Task.CompletedTask;
        // The one that failed is put back at some time after the try.
        var found = (await ReportedAsync()).Cursors.ToDictionary(one => one.DeviceKey);
        if (found.Count == 1) found = found.Concat((await ReportedAsync()).Cursors.ToDictionary(one => one.DeviceKey)).ToDictionary();
        Assert.Equal((9, 5), (found[Phone].Delivered, found[Phone].Read));
        Assert.Equal(6, found[Phone + 1].Delivered);
    }

    [Fact]
    public async Task What_the_storage_refused_is_reported_again()
    {
        _bus.Answer = _ => new Refused("unavailable", "the test's storage is away");
        _reporter!.Moved(Ann, Phone, Chat, 5, 5);
        _time.Advance(Tick);
        Assert.Equal(5, Assert.Single((await _bus.NextAsync()).Cursors).Read);
        _reporter.Moved(Ann, Phone, Chat, 6, 0);
        for (var again = await ReportedAsync(); again.Cursors[0].Delivered < 6 || again.Cursors[0].Read < 5; again = await ReportedAsync()) Assert.Single(again.Cursors);
        _bus.Answer = _ => new CursorsStored();
        // One more may have been on its way to the refusal; once it is stored, only what is new is told.
        var isAlone = false;
        for (var seq = 7; seq <= 10 && !isAlone; seq++)
        {
            _reporter.Moved(Ann, Phone + 1, Chat, seq, 0);
            isAlone = (await ReportedAsync()).Cursors is [{ DeviceKey: Phone + 1 }];
        }

        Assert.True(isAlone);
    }

    [Fact]
    public async Task Who_stops_reports_what_is_left()
    {
        _reporter!.Moved(Ann, Phone, Chat, 5, 5);
        await _reporter.StopAsync(TestContext.Current.CancellationToken);
        Assert.Equal(5, Assert.Single((await _bus.NextAsync()).Cursors).Delivered);
    }

    [Fact]
    public async Task A_report_that_hangs_is_not_lost_when_the_gateway_stops()
    {
        _bus.BeforePublish = token =>
        {
            _bus.BeforePublish = _ => Task.CompletedTask;
            return Task.Delay(Timeout.Infinite, token);
        };
        _reporter!.Moved(Ann, Phone, Chat, 5, 5);
        _time.Advance(Tick);
        await _bus.TriedAsync();
        await _reporter.StopAsync(TestContext.Current.CancellationToken);
        Assert.Equal(5, Assert.Single((await _bus.NextAsync()).Cursors).Delivered);
    }

    /// <summary>The next report; the reporter may still wait for the answer to the last one, so the clock goes on until it comes.</summary>
    private async Task<ReportCursors> ReportedAsync()
    {
        var next = _bus.NextAsync();
        while (!next.IsCompleted)
        {
            _time.Advance(Tick);
            await Task.Yield();
        }

        return await next;
    }
}
