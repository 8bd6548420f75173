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
}
