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
        Answer(0, "a", "a");
        Assert.False(Open().IsCompleted);
        Assert.False(_lanes.TryMove(0, 1));
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
        _lanes.Answered([new SentKey(0, 8, "a")]);
        Assert.False(Open().IsCompleted);
    }

    [Fact]
    public async Task Answers_of_all_shards_of_the_lane_count()
    {
        Assert.True(_lanes.TryMove(1, 0));
        _lanes.Sends(0, [new SentKey(0, 7, "a"), new SentKey(1, 7, "b")]);
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
        await OverdueAsync();
        Send(0, "b");
        Assert.False(Open().IsCompleted);
    }

    [Fact]
    public async Task An_answer_that_comes_late_does_not_count_for_the_batch_behind()
    {
        Send(0, "a");
        await OverdueAsync();
        Send(0, "b");
        Answer(0, "a");
        Assert.False(Open().IsCompleted);
    }

    [Fact]
    public void A_shard_leaves_its_lane_when_all_that_it_sent_is_answered()
    {
        Assert.True(_lanes.TryMove(0, 2));
        _lanes.Sends(2, [new SentKey(0, 7, "a"), new SentKey(0, 7, "b")]);
        Answer(0, "a");
        Assert.False(_lanes.TryMove(0, 1));
        Answer(0, "b");
        Assert.True(_lanes.TryMove(0, 1));
        Assert.Equal(1, _lanes.LaneOf(0));
    }

    [Fact]
    public void A_shard_does_not_wait_for_the_answers_of_another_one()
    {
        Assert.True(_lanes.TryMove(1, 0));
        _lanes.Sends(0, [new SentKey(0, 7, "a"), new SentKey(1, 7, "b")]);
        Answer(1, "b");
        Assert.True(_lanes.TryMove(1, 2));
        Assert.False(_lanes.TryMove(0, 2));
    }

    [Fact]
    public async Task A_shard_leaves_only_when_the_batches_that_were_not_waited_for_are_answered_too()
    {
        Send(0, "a");
        await OverdueAsync();
        Send(0, "b");
        Answer(0, "b");
        Assert.False(_lanes.TryMove(0, 1));
        Answer(0, "a");
        Assert.True(_lanes.TryMove(0, 1));
    }

    [Fact]
    public async Task A_repeat_of_an_id_is_no_answer_to_what_was_sent_in_between()
    {
        Send(0, "a");
        await OverdueAsync();
        Send(0, "b");
        await OverdueAsync();
        Send(0, "a");
        Answer(0, "a", "a");
        Assert.False(_lanes.TryMove(0, 1));
        Answer(0, "b");
        Assert.True(_lanes.TryMove(0, 1));
    }

    [Fact]
    public async Task An_id_that_is_on_its_way_twice_has_two_answers()
    {
        Send(0, "a");
        await OverdueAsync();
        Send(0, "a");
        Answer(0, "a");
        Assert.False(_lanes.TryMove(0, 1));
        Answer(0, "a");
        Assert.True(_lanes.TryMove(0, 1));
    }

    [Fact]
    public void A_shard_that_is_not_answered_leaves_its_lane_when_its_sends_were_refused()
    {
        Send(1, "a");
        _lanes.GiveUp(1);
        _time.Advance(SubmitLanes.Refused - TimeSpan.FromMilliseconds(1));
        Send(0, "b");
        Assert.False(_lanes.TryMove(1, 2));
        _time.Advance(TimeSpan.FromMilliseconds(1));
        Assert.True(_lanes.TryMove(1, 2));
        Assert.False(_lanes.TryMove(0, 2));
    }

    [Fact]
    public void A_batch_that_may_be_on_its_way_is_not_waited_for_but_its_shards_stay()
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

    /// <summary>The lane 0 is not answered in time.</summary>
    private async Task OverdueAsync()
    {
        var next = Open();
        _time.Advance(SubmitLanes.Patience - TimeSpan.FromMilliseconds(1));
        Assert.False(next.IsCompleted);
        _time.Advance(TimeSpan.FromMilliseconds(1));
        await next;
    }

    /// <summary>A batch of one shard, which has its own lane.</summary>
    private void Send(int shard, params string[] ids) => _lanes.Sends(shard, Keys(shard, ids));

    private void Answer(int shard, params string[] ids) => _lanes.Answered(Keys(shard, ids));

    private static List<SentKey> Keys(int shard, string[] ids) => [.. ids.Select(id => new SentKey(shard, 7, id))];
}
