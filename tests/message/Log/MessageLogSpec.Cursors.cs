using Im.Contracts;
using Im.Contracts.Messages;
using Im.Message.Cursors;
using static Im.Message.Tests.Asked;

namespace Im.Message.Tests.Log;

public abstract partial class MessageLogSpec
{
    [Fact]
    public async Task Cursors_and_marks_never_move_back()
    {
        await MoveAsync((Ann, 1, 5, 3));
        await MoveAsync((Ann, 1, 4, 4), (Ann, 2, 7, 0));
        await MoveAsync((Ann, 1, 2, 1));
        Assert.Equal(["1:5", "2:7"], await AllAsync<string>("SELECT device_key || ':' || seq FROM cursors ORDER BY device_key"));
        Assert.Equal(["11:7:4"], await AllAsync<string>("SELECT user_id || ':' || delivered || ':' || read FROM marks"));
    }

    [Fact]
    public async Task A_report_may_name_a_cursor_twice_in_any_order()
    {
        await MoveAsync((Bob, 3, 2, 2), (Ann, 1, 9, 0), (Ann, 1, 5, 8), (Ann, 2, 6, 0), (Bob, 3, 1, 1));
        Assert.Equal(["1:9", "2:6", "3:2"], await AllAsync<string>("SELECT device_key || ':' || seq FROM cursors ORDER BY device_key"));
        Assert.Equal(["11:9:8", "12:2:2"], await AllAsync<string>("SELECT user_id || ':' || delivered || ':' || read FROM marks ORDER BY user_id"));
    }

    [Fact]
    public async Task Reports_at_once_do_not_hold_each_other_up()
    {
        var forwards = Enumerable.Range(1, 50).Select(i => (Ann, (long)i, 10L, 5L)).ToArray();
        var backwards = forwards.Reverse().Select(one => (one.Ann, one.Item2, 20L, 15L)).ToArray();
        await Task.WhenAll(Enumerable.Range(0, 8).Select(i => MoveAsync(i % 2 == 0 ? forwards : backwards)));
        Assert.Equal(50, await OneAsync<long>("SELECT count(*) FROM cursors WHERE seq = 20"));
        Assert.Equal(["11:20:15"], await AllAsync<string>("SELECT user_id || ':' || delivered || ':' || read FROM marks"));
    }

    [Fact]
    public async Task What_moved_is_told_as_it_is_stored_and_what_did_not_is_not()
    {
        Assert.Equal([new MarkMoved(Ann, AnnAndBob, 1, 5, 3, true, false)], await MoveAsync((Ann, 1, 5, 3)));
        Assert.Empty(await MoveAsync((Ann, 1, 5, 3)));
        Assert.Empty(await MoveAsync((Ann, 2, 4, 2)));
        // The other device is behind, but its user has read more than was known.
        Assert.Equal([new MarkMoved(Ann, AnnAndBob, 2, 5, 4, true, false)], await MoveAsync((Ann, 2, 4, 4)));
        Assert.Equal([new MarkMoved(Ann, AnnAndBob, 1, 6, 0, true, false)], await MoveAsync((Ann, 1, 6, 0)));
        Assert.Equal([new MarkMoved(Ann, AnnAndBob, 0, 8, 7, true, false)], await MoveAsync((Ann, 1, 8, 0), (Ann, 2, 7, 7)));
    }

    [Fact]
    public async Task A_moved_mark_tells_whether_its_user_is_still_in_the_group_and_whether_a_block_is_between_the_two()
    {
        await StoreAsync(Create(Ann, Team, "T", Bob, Cem), Send(Ann, AnnAndBob, "a"), Send(Ann, ConversationId.Direct(Ann, Cem), "b"));
        await StoreAsync(Remove(Ann, Team, Cem));
        await StoreAsync(Block(Bob, Ann));
        var moved = await Messages.MoveCursorsAsync(
            CursorMoves.Of(
            [
                new CursorMoved(Bob, 1, Team.ToGuid(), 1, 0),
                new CursorMoved(Cem, 2, Team.ToGuid(), 1, 0),
                new CursorMoved(Ann, 3, AnnAndBob.ToGuid(), 1, 1),
                new CursorMoved(Cem, 2, ConversationId.Direct(Ann, Cem).ToGuid(), 1, 1),
            ]),
            Cancel);
        Assert.Equal(
            [(Ann, AnnAndBob, true, true), (Bob, Team, true, false), (Cem, Team, false, false), (Cem, ConversationId.Direct(Ann, Cem), true, false)],
            moved.Select(one => (one.User, one.Conversation, one.IsMember, one.IsBlocked)).OrderBy(one => one.User).ThenBy(one => one.Conversation));
    }

    [Fact]
    public async Task An_audience_is_who_is_in_the_conversation_now()
    {
        var alone = ConversationId.Direct(Dora, Dora);
        var blocked = ConversationId.Direct(Ann, Cem);
        await StoreAsync(Create(Ann, Team, "T", Bob, Cem), Send(Ann, AnnAndBob, "a"), Send(Dora, alone, "b"), Send(Ann, blocked, "c"));
        await StoreAsync(Remove(Ann, Team, Cem), Block(Cem, Ann));
        var audiences = await Messages.AudiencesAsync([Team, AnnAndBob, alone, blocked, ConversationId.Direct(Bob, Cem), ConversationId.Group(1)], 2, Cancel);
        Assert.Equal(new[] { Team, AnnAndBob, alone }.Order(), audiences.Keys.Order());
        Assert.Equal([Ann, Bob], audiences[Team].InJoinOrder.Order());
        Assert.Equal([Ann, Bob], audiences[AnnAndBob].InJoinOrder.Order());
        Assert.Equal([Dora], audiences[alone].InJoinOrder);

        await StoreAsync(Command(Im.Contracts.Lanes.SubmissionKind.AddMembers, Ann, Team, [Dora]));
        Assert.DoesNotContain(Team, (await Messages.AudiencesAsync([Team], 2, Cancel)).Keys);
        Assert.Equal(3, (await Messages.AudiencesAsync([Team], 3, Cancel))[Team].Count);
    }

    private Task<IReadOnlyList<MarkMoved>> MoveAsync(params (long User, long Device, long Delivered, long Read)[] moved) => Messages.MoveCursorsAsync(
        CursorMoves.Of([.. moved.Select(one => new CursorMoved(one.User, one.Device, AnnAndBob.ToGuid(), one.Delivered, one.Read))]), Cancel);
}
