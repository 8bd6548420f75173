using Im.Gateway.Inbound;
using Im.Hosting;
using Microsoft.Extensions.Options;

namespace Im.Gateway.Tests.Inbound;

public sealed class SubmitWindowsTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private readonly ManualTime _time = new();
    private readonly SubmitWindows _windows;

    public SubmitWindowsTests() => _windows = new SubmitWindows(Options.Create(new ImOptions { Shards = 2 }), _time);

    [Fact]
    public void One_batch_of_a_shard_goes_and_the_next_waits()
    {
        Send(5);
        Assert.False(Open().IsCompleted);
    }

    [Fact]
    public void Another_shard_does_not_wait()
    {
        Send(5);
        Assert.True(_windows.OpenAsync(1, Cancel).IsCompletedSuccessfully);
    }

    [Fact]
    public async Task The_next_goes_with_the_last_answer()
    {
        Send(5);
        var next = Open();
        _windows.Answered(0, 4);
        Assert.False(next.IsCompleted);
        _windows.Answered(0, 1);
        await next;
    }

    [Fact]
    public async Task Answers_of_another_shard_do_not_count()
    {
        Send(5);
        var next = Open();
        _windows.Answered(1, 5);
        Assert.False(next.IsCompleted);
        _windows.Answered(0, 5);
        await next;
    }

    [Fact]
    public async Task Answers_that_do_not_come_are_waited_for_half_a_second_and_counted_no_more()
    {
        Send(5);
        var next = Open();
        _time.Advance(SubmitWindows.Patience - TimeSpan.FromMilliseconds(1));
        Assert.False(next.IsCompleted);
        _time.Advance(TimeSpan.FromMilliseconds(1));
        await next;
        Send(2);
        Assert.False(Open().IsCompleted);
    }

    [Fact]
    public void Answers_that_come_after_that_open_the_window_no_wider()
    {
        Send(5);
        _windows.Answered(0, 50);
        Send(5);
        Assert.False(Open().IsCompleted);
    }

    [Fact]
    public async Task A_stop_ends_the_wait()
    {
        Send(5);
        using var stop = new CancellationTokenSource();
        var next = _windows.OpenAsync(0, stop.Token);
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => next);
    }

    private Task Open() => _windows.OpenAsync(0, Cancel);

    private void Send(int sends)
    {
        Assert.True(_windows.OpenAsync(0, Cancel).IsCompletedSuccessfully);
        _windows.Sent(0, sends);
    }
}
