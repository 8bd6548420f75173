using Im.Gateway.Inbound;
using Im.Hosting;
using Microsoft.Extensions.Options;

namespace Im.Gateway.Tests.Inbound;

public sealed class SubmitLanesTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private readonly ManualTime _time = new();
    private readonly SubmitLanes _lanes;

    public SubmitLanesTests() => _lanes = new SubmitLanes(Options.Create(new ImOptions { Shards = 3 }), _time);

    [Fact]
    public void One_batch_of_a_lane_goes_and_the_next_waits()
    {
        Send(0, "a", "b");
        Assert.False(Open().IsCompleted);
    }

    [Fact]
    public void Another_lane_does_not_wait()
    {
        Send(0, "a");
        Assert.True(_lanes.OpenAsync(1, Cancel).IsCompletedSuccessfully);
    }

    [Fact]
    public async Task The_next_goes_with_the_last_answer()
    {
        Send(0, "a", "b");
        var next = Open();
        Answer(0, "b");
        Assert.False(next.IsCompleted);
        Answer(0, "a");
        await next;
    }

    [Fact]
    public void An_answer_that_is_told_twice_counts_once()
    {
        Send(0, "a", "b");
        Answer(0, "a");
        Answer(0, "a");
        Assert.False(Open().IsCompleted);
    }

    [Fact]
    public void Answers_to_a_batch_before_do_not_count_for_this_one()
    {
        Send(0, "a", "b");
        Answer(0, "a", "b");
        Send(0, "c");
        Answer(0, "a", "b");
        Assert.False(Open().IsCompleted);
        Assert.False(_lanes.TryMove(0, 1));
    }

    [Fact]
    public void The_same_id_of_another_connection_is_another_send()
    {
        Send(0, "a");
        _lanes.Answered(0, new SentKey(8, "a"));
        Assert.False(Open().IsCompleted);
    }

    [Fact]
    public async Task Answers_of_all_shards_of_the_lane_count()
    {
        Assert.True(_lanes.TryMove(1, 0));
        Send(0, "a");
        Send(1, "b");
        var next = Open();
        Answer(1, "b");
        Assert.False(next.IsCompleted);
        Answer(0, "a");
        await next;
    }

    [Fact]
    public async Task Answers_that_do_not_come_are_waited_for_half_a_second()
    {
        Send(0, "a");
        var next = Open();
        _time.Advance(SubmitLanes.Patience - TimeSpan.FromMilliseconds(1));
        Assert.False(next.IsCompleted);
        _time.Advance(TimeSpan.FromMilliseconds(1));
        await next;
        Send(0, "b");
        Assert.False(Open().IsCompleted);
    }

    [Fact]
    public void A_shard_leaves_its_lane_when_the_last_batch_is_answered()
    {
        Assert.True(_lanes.TryMove(0, 2));
        Send(0, "a");
        Assert.False(_lanes.TryMove(0, 1));
        Answer(0, "a");
        Assert.True(_lanes.TryMove(0, 1));
        Assert.Equal(1, _lanes.LaneOf(0));
    }

    [Fact]
    public async Task After_a_batch_that_was_not_answered_a_shard_leaves_when_a_later_one_is()
    {
        Send(0, "a");
        var next = Open();
        _time.Advance(SubmitLanes.Patience);
        await next;
        Assert.False(_lanes.TryMove(0, 1));
        Send(0, "b");
        // Too late for the window, and no answer to the later one.
        Answer(0, "a");
        Assert.False(_lanes.TryMove(0, 1));
        Answer(0, "b");
        Assert.True(_lanes.TryMove(0, 1));
    }

    [Fact]
    public void A_shard_leaves_a_lane_that_is_not_answered_when_its_last_send_was_refused()
    {
        Assert.True(_lanes.TryMove(1, 0));
        Send(1, "a");
        _lanes.GiveUp(0);
        _time.Advance(SubmitLanes.Refused - TimeSpan.FromMilliseconds(1));
        Send(0, "b");
        Assert.False(_lanes.TryMove(1, 2));
        _time.Advance(TimeSpan.FromMilliseconds(1));
        Assert.True(_lanes.TryMove(1, 2));
        Assert.False(_lanes.TryMove(0, 2));
    }

    [Fact]
    public void A_batch_that_may_be_on_its_way_holds_nothing_back()
    {
        Send(0, "a");
        _lanes.GiveUp(0);
        Assert.True(Open().IsCompletedSuccessfully);
        Assert.False(_lanes.TryMove(0, 1));
    }

    [Fact]
    public async Task A_stop_ends_the_wait()
    {
        Send(0, "a");
        using var stop = new CancellationTokenSource();
        var next = _lanes.OpenAsync(0, stop.Token);
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => next);
    }

    private Task Open() => _lanes.OpenAsync(0, Cancel);

    private void Send(int shard, params string[] ids)
    {
        foreach (var id in ids) _lanes.Sends(shard, new SentKey(7, id));
    }

    private void Answer(int shard, params string[] ids)
    {
        foreach (var id in ids) _lanes.Answered(shard, new SentKey(7, id));
    }
}
