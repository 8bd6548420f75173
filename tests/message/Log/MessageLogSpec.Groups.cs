using Im.Contracts.Messages;
using static Im.Message.Tests.Asked;

namespace Im.Message.Tests.Log;

public abstract partial class MessageLogSpec
{
    [Fact]
    public async Task Members_stand_in_the_order_of_joining_and_who_comes_back_is_the_youngest()
    {
        await StoreAsync(Create(Dora, Team, "T", Cem));
        await StoreAsync(Add(Dora, Team, Bob, Ann));
        Assert.Equal([Dora, Cem, Bob, Ann], (await LoadAsync(Team)).Members.InJoinOrder);
        await StoreAsync(Remove(Dora, Team, Cem));
        Assert.Equal([Dora, Bob, Ann], (await LoadAsync(Team)).Members.InJoinOrder);
        Assert.Equal(3, await OneAsync<long>("SELECT removed_seq FROM members WHERE conversation = @id AND user_id = @Cem", new { id = Team, Cem }));
        await StoreAsync(Command(Im.Contracts.Lanes.SubmissionKind.AddMembers, Dora, Team, [Cem], id: "again"));
        Assert.Equal([Dora, Bob, Ann, Cem], (await LoadAsync(Team)).Members.InJoinOrder);
        Assert.Equal(4, await OneAsync<long>("SELECT from_seq FROM members WHERE conversation = @id AND user_id = @Cem", new { id = Team, Cem }));
    }

    [Fact]
    public async Task All_changes_of_one_plan_are_stored_in_their_order()
    {
        await StoreAsync(
            Create(Ann, Team, "T", Bob, Cem), Remove(Ann, Team, Bob), Add(Ann, Team, Bob, Dora), Rename(Ann, Team, "U"), Remove(Ann, Team, Ann), Send(Cem, Team, "m"));
        var state = await LoadAsync(Team);
        Assert.Equal([Cem, Bob, Dora], state.Members.InJoinOrder);
        Assert.Equal((5, "U", Cem), (state.Head, state.Title, state.Owner));
    }

    [Fact]
    public async Task A_new_name_alone_is_stored()
    {
        await StoreAsync(Create(Ann, Team, "T"));
        await StoreAsync(Rename(Ann, Team, "it's \"new\" 𝄞"));
        Assert.Equal((1, "it's \"new\" 𝄞"), ((await LoadAsync(Team)).Head, (await LoadAsync(Team)).Title));
    }

    [Fact]
    public async Task A_group_that_all_have_left_belongs_to_nobody()
    {
        await StoreAsync(Create(Ann, Team, "T", Bob));
        await StoreAsync(Remove(Ann, Team, Bob, Ann));
        var state = await LoadAsync(Team);
        Assert.Equal((2, 0, 0), (state.Head, state.Members.Count, state.Owner));
    }

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

    private Task MoveAsync(params (long User, long Device, long Delivered, long Read)[] moved) => Messages.MoveCursorsAsync(
        [.. moved.Select(one => new CursorMoved(one.User, one.Device, AnnAndBob.ToGuid(), one.Delivered, one.Read))], Cancel);
}
