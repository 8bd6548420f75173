using Im.Contracts;
using Im.Contracts.Messages;
using Im.Message.Cursors;
using static Im.Message.Tests.Asked;

namespace Im.Message.Tests.Log;

public abstract partial class MessageLogSpec
{
    [Fact]
    public async Task An_id_twice_in_a_plan_stores_nothing_of_it()
    {
        // No plan is made so: the key guards against the one that would be.
        var plan = await PlanAsync(Send(Ann, AnnAndBob, "a"), Send(Cem, ConversationId.Direct(Cem, Dora), "b"));
        plan.Rows.Add(plan.Rows[0] with { Seq = 2 });
        Assert.False(await Messages.AppendAsync(plan, Cancel));
        Assert.Equal((0, 0, 0), (await CountAsync("messages"), await CountAsync("conversations"), await CountAsync("members")));
    }

    [Fact]
    public async Task A_place_twice_in_a_plan_stores_nothing_of_it()
    {
        var plan = await PlanAsync(Send(Ann, AnnAndBob, "a"), Send(Ann, AnnAndBob, "b"));
        plan.Rows[1] = plan.Rows[1] with { Seq = 1 };
        Assert.False(await Messages.AppendAsync(plan, Cancel));
        Assert.Equal((0, 0, 0), (await CountAsync("messages"), await CountAsync("conversations"), await CountAsync("members")));
    }

    [Fact]
    public async Task After_a_plan_that_was_refused_the_next_is_stored_as_ever()
    {
        var outdated = await PlanAsync(Send(Ann, AnnAndBob, "late", "a body that must not be left behind in the next row", type: "a/type"));
        await StoreAsync(Send(Bob, AnnAndBob, "first"));
        Assert.False(await Messages.AppendAsync(outdated, Cancel));
        await StoreAsync(Send(Bob, AnnAndBob, "0190a5d2-7c3f-7aaa-8000-0123456789ab", ""));
        Assert.Equal([null, null], await AllAsync<string?>("SELECT type FROM messages ORDER BY seq"));
        Assert.Equal(["first", null], await AllAsync<string?>("SELECT client_id FROM messages ORDER BY seq"));
        Assert.Equal("", await OneAsync<string>("SELECT body FROM messages WHERE seq = 2"));
    }

    [Fact]
    public async Task Plans_at_once_that_know_nothing_of_each_other_are_stored_once_each()
    {
        var plans = await Task.WhenAll(Enumerable.Range(0, 20).Select(i => PlanAsync(Send(Ann, ConversationId.Direct(Ann, i % 2 == 0 ? Bob : Cem), $"m{i}"))));
        var stored = await Task.WhenAll(plans.Select(plan => Messages.AppendAsync(plan, Cancel)));
        Assert.Equal((2, 2), (stored.Count(one => one), await CountAsync("messages")));
    }

    [Fact]
    public async Task Nothing_asked_is_nothing_answered()
    {
        var loaded = await Messages.LoadAsync([], [], Cancel);
        Assert.Equal((0, 0), (loaded.States.Count, loaded.Revisions.Count));
        Assert.Empty(await Messages.CountBlocksAsync([], Cancel));
        Assert.Empty(await Messages.AudiencesAsync([], 10, Cancel));
        Assert.Empty(await Messages.MoveCursorsAsync(CursorMoves.Of([]), Cancel));
    }

    [Fact]
    public async Task Thousands_of_cursors_are_one_report()
    {
        var cursors = Enumerable.Range(1, 3000).Select(i => new CursorMoved(Ann, i, ConversationId.Direct(Ann, i).ToGuid(), i, i / 2)).ToArray();
        var moved = await Messages.MoveCursorsAsync(CursorMoves.Of(cursors), Cancel);
        Assert.Equal(cursors.Length, moved.Count);
        Assert.Empty(await Messages.MoveCursorsAsync(CursorMoves.Of(cursors), Cancel));
        Assert.Equal((3000, 3000), (await CountAsync("cursors"), await CountAsync("marks")));
        Assert.Equal(2999, await OneAsync<long>("SELECT seq FROM cursors WHERE device_key = 2999"));
    }
}
