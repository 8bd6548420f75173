using Im.Contracts;
using Im.Contracts.Messages;
using Im.Gateway.Typing;

namespace Im.Gateway.Tests.Reports;

/// <summary>Who types, on its way to the others: soon, and never late.</summary>
public sealed class TypingReporterTests : IAsyncLifetime
{
    private const long Ann = 11;
    private static readonly TimeSpan Tick = TimeSpan.FromMilliseconds(100);
    private static readonly ConversationId Chat = ConversationId.Direct(Ann, 12);

    private readonly ReportBus<ReportTyping> _bus = new();
    private readonly ManualTime _time = new();
    private TypingReporter? _reporter;

    public async ValueTask InitializeAsync()
    {
        await _bus.StartAsync();
        _reporter = new TypingReporter(_bus.Calls, Unheard.Metrics, _time);
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
    public async Task Those_of_a_tick_are_one_report()
    {
        _reporter!.Typed(Ann, Chat);
        _reporter.Typed(12, ConversationId.Group(7));
        _time.Advance(Tick);
        Assert.Equal([new UserTyped(Ann, Chat.ToGuid()), new UserTyped(12, ConversationId.Group(7).ToGuid())], (await _bus.NextAsync()).Typed);
    }

    [Fact]
    public async Task Many_are_several_reports_and_more_than_can_wait_are_dropped()
    {
        for (var i = 1; i <= 12_000; i++) _reporter!.Typed(i, Chat);
        _time.Advance(Tick);
        var told = new List<long>();
        while (told.Count < 10_000) told.AddRange((await _bus.NextAsync()).Typed.Select(one => one.UserId));
        Assert.Equal(Enumerable.Range(1, 10_000).Select(user => (long)user), told.Order());
        _reporter!.Typed(Ann, Chat);
        await AdvanceUntilAsync(_bus.NextAsync());
    }

    [Fact]
    public async Task What_waits_behind_a_report_that_failed_is_dropped_with_it()
    {
        _bus.BeforePublish = _ => throw new InvalidOperationException("the test's broker is away");
        for (var i = 1; i <= 500; i++) _reporter!.Typed(i, Chat);
        _time.Advance(Tick);
        await _bus.TriedAsync();
        _bus.BeforePublish = _ => Task.CompletedTask;
        var next = _bus.NextAsync();
        // Only what is typed once the reporter is through with the failure is told.
        while (!next.IsCompleted)
        {
            _reporter!.Typed(1000, Chat);
            _time.Advance(Tick);
            await Task.Yield();
        }

        Assert.All((await next).Typed, one => Assert.Equal(1000, one.UserId));
    }

    private async Task AdvanceUntilAsync(Task<ReportTyping> next)
    {
        while (!next.IsCompleted)
        {
            _time.Advance(Tick);
            await Task.Yield();
        }

        Assert.Equal(Ann, Assert.Single((await next).Typed).UserId);
    }
}
