using Im.Contracts;
using Im.Protocol;
using static Im.Message.Tests.Asked;

namespace Im.Message.Tests.Commit;

/// <summary>What came before is recognized, whether it is remembered or has to be looked up.</summary>
public sealed class GroupCommitRepeatTests : GroupCommitTest
{
    [Fact]
    public async Task A_batch_that_came_before_gets_its_places_and_only_what_is_missing_is_stored()
    {
        Log.StoreFromElsewhere(RowOf(Send(Ann, AnnAndBob, "a"), 1));
        await StartAsync();
        await EnqueueAsync(redelivered: true, Send(Ann, AnnAndBob, "a"), Send(Ann, AnnAndBob, "b"));
        await Reader.UntilSettledAsync(LastTag);
        Assert.Equal(1, Log.Finds);
        Assert.Equal(["a", "b"], Log.Rows.Select(row => row.ClientId));
        Assert.Equal([("a", 1, null)], AnswersSoFar());
    }

    [Fact]
    public async Task An_owner_that_blocked_goes_on_from_what_it_remembers()
    {
        await StartAsync();
        await EnqueueAsync(Send(Bob, AnnAndBob, "a"));
        await EnqueueAsync(Block(Ann, Bob), Unblock(Ann, Bob), Send(Bob, AnnAndBob, "b"));
        await EnqueueAsync(Send(Bob, AnnAndBob, "c"));
        await Reader.UntilSettledAsync(LastTag);
        Assert.Equal([1, 2, 3], Log.Rows.Select(row => row.Seq));
        Assert.Equal((1, 0), (Log.Loads, Log.Finds));
    }

    [Fact]
    public async Task A_repeat_is_recognized_without_asking_the_log()
    {
        await StartAsync();
        await EnqueueAsync(Send(Ann, AnnAndBob, "a"));
        await EnqueueAsync(Send(Ann, AnnAndBob, "a"), Send(Ann, AnnAndBob, "a", "other"));
        await Reader.UntilSettledAsync(LastTag);
        Assert.Equal([("a", 1, null), ("a", 0, Codes.IdReuse)], AnswersSoFar());
        Assert.Equal((1, 0), (Log.Rows.Count, Log.Finds));
    }

    [Fact]
    public async Task A_repeat_that_memory_does_not_know_is_answered_though_its_sender_could_no_longer_send()
    {
        var send = Send(Ann, ConversationId.Group(77), "a");
        Log.StoreFromElsewhere(RowOf(send, 1));
        await StartAsync();
        await EnqueueAsync(send);
        await Reader.UntilSettledAsync(LastTag);
        Assert.Equal([("a", 1, null)], AnswersSoFar());
    }

    [Fact]
    public async Task More_repeats_than_are_remembered_are_still_recognized()
    {
        var pile = Enumerable.Range(0, 50).Select(i => Send(Ann, AnnAndBob, $"{i}")).ToArray();
        for (var i = 0; i < 50; i++) Log.StoreFromElsewhere(RowOf(pile[i], i + 1));
        await StartAsync(new MessageOptions { RememberedSends = 5 });
        await EnqueueAsync(redelivered: true, pile);
        await Reader.UntilSettledAsync(LastTag);
        Assert.Equal(Enumerable.Range(0, 50).Select(i => ($"{i}", i + 1L, (string?)null)), AnswersSoFar());
        Assert.Equal(50, Log.Rows.Count);
    }

    [Fact]
    public async Task More_users_than_are_remembered_are_still_known()
    {
        await StartAsync(new MessageOptions { RememberedConversations = 5 });
        await EnqueueAsync(Create(Ann, Team, "T", [.. Enumerable.Range(200, 50).Select(user => (long)user)]));
        await Reader.UntilSettledAsync(LastTag);
        Assert.Equal(Team, Assert.Single(Log.Rows).Conversation);
    }

    [Fact]
    public async Task After_a_hand_over_nothing_remembered_counts()
    {
        await StartAsync();
        await EnqueueAsync(Send(Ann, AnnAndBob, "a"));
        await Reader.UntilSettledAsync(LastTag);
        Writer.ForgetConversations();
        await EnqueueAsync(Send(Ann, AnnAndBob, "b"));
        await Reader.UntilSettledAsync(LastTag);
        Assert.Equal(2, Log.Loads);
    }
}
