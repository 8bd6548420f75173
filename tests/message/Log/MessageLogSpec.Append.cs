using Im.Contracts;
using Im.Message.Log;
using Im.Protocol;
using static Im.Message.Tests.Asked;

namespace Im.Message.Tests.Log;

public abstract partial class MessageLogSpec
{
    [Fact]
    public async Task A_conversation_that_nobody_wrote_to_is_new()
    {
        var state = await LoadAsync(AnnAndBob);
        Assert.Equal((0, false), (state.Head, state.Exists));
        Assert.Equal([Ann, Bob], state.Members.InJoinOrder.Order());
        Assert.Equal((0, 0, null), ((await LoadAsync(Team)).Head, (await LoadAsync(Team)).Members.Count, (await LoadAsync(Team)).Title));
    }

    [Fact]
    public async Task What_was_appended_is_loaded()
    {
        var oneSelf = ConversationId.Direct(Cem, Cem);
        await StoreAsync(Send(Ann, AnnAndBob, "a"), Send(Bob, AnnAndBob, "b"), Send(Cem, oneSelf, "c"), Create(Ann, Team, "Ünï 𝄞", Cem, Bob));
        var states = (await Messages.LoadAsync([Team, AnnAndBob, oneSelf, ConversationId.Group(1)], [], Cancel)).States.ToDictionary(state => state.Id);
        Assert.Equal(4, states.Count);
        Assert.Equal((2, 1, 1, 0), (states[AnnAndBob].Head, states[oneSelf].Head, states[Team].Head, states[ConversationId.Group(1)].Head));
        Assert.Equal(("Ünï 𝄞", Ann), (states[Team].Title, states[Team].Owner));
        Assert.Equal([Ann, Cem, Bob], states[Team].Members.InJoinOrder);
        Assert.Equal(2, await OneAsync<long>("SELECT count(*) FROM members WHERE conversation = @id AND from_seq = 1", new { id = AnnAndBob }));
        Assert.Equal(1, await OneAsync<long>("SELECT count(*) FROM members WHERE conversation = @id", new { id = oneSelf }));
        Assert.Equal(Now, await OneAsync<long>("SELECT created_at FROM conversations WHERE conversation = @id", new { id = AnnAndBob }));
    }

    [Fact]
    public async Task A_taken_place_stores_nothing_of_the_plan()
    {
        await StoreAsync(Send(Ann, AnnAndBob, "first"));
        var outdated = await PlanAsync(Send(Ann, ConversationId.Direct(Ann, Cem), "other"), Create(Cem, Team, "T", Bob), Send(Bob, AnnAndBob, "late"));
        await StoreAsync(Send(Ann, AnnAndBob, "second"));
        Assert.False(await Messages.AppendAsync(outdated, Cancel));
        Assert.Equal((2, 1, 2), (await CountAsync("messages"), await CountAsync("conversations"), await CountAsync("members")));
    }

    [Fact]
    public async Task A_taken_id_stores_nothing_of_the_plan()
    {
        var again = await PlanAsync(Send(Cem, ConversationId.Direct(Cem, Dora), "x"), Send(Ann, ConversationId.Direct(Ann, Cem), "used"));
        await StoreAsync(Send(Ann, AnnAndBob, "used"));
        Assert.False(await Messages.AppendAsync(again, Cancel));
        Assert.Equal((1, 1, 2), (await CountAsync("messages"), await CountAsync("conversations"), await CountAsync("members")));
    }

    [Fact]
    public async Task Two_that_begin_the_same_conversation_leave_one()
    {
        var one = await PlanAsync(Send(Ann, AnnAndBob, "a"));
        var other = await PlanAsync(Send(Bob, AnnAndBob, "b"));
        Assert.True(await Messages.AppendAsync(one, Cancel));
        Assert.False(await Messages.AppendAsync(other, Cancel));
        Assert.Equal(["a"], await AllAsync<string>("SELECT client_id FROM messages"));
        await StoreAsync(Send(Bob, AnnAndBob, "b"));
        Assert.Equal(2, (await LoadAsync(AnnAndBob)).Head);
    }

    [Fact]
    public async Task An_outdated_change_of_members_stores_nothing()
    {
        await StoreAsync(Create(Ann, Team, "T", Bob));
        var outdated = await PlanAsync(Add(Ann, Team, Cem));
        await StoreAsync(Remove(Ann, Team, Bob));
        Assert.False(await Messages.AppendAsync(outdated, Cancel));
        Assert.Equal([Ann], (await LoadAsync(Team)).Members.InJoinOrder);
    }

    [Fact]
    public async Task Keys_are_found_and_only_those()
    {
        const string Uuid = "0190a5d2-7c3f-7aaa-8000-0123456789ab";
        string[] ids = [Uuid, Uuid.ToUpperInvariant(), "plain", "x:y.z_-", new string('n', 64)];
        var pile = ids.Select(id => Send(Ann, AnnAndBob, id, $"body of {id}", type: id == "plain" ? "a/b" : null)).ToArray();
        var plan = await StoreAsync(pile);
        Assert.Equal(ids.Length, plan.Rows.Count);

        var found = await Messages.FindAsync([.. pile.Select(one => one.Key), Send(Bob, AnnAndBob, Uuid).Key, Send(Ann, AnnAndBob, "none").Key], Cancel);

        Assert.Equal(pile.Select(one => one.Key).ToHashSet(), found.Keys.ToHashSet());
        foreach (var (pending, seq) in pile.Select((pending, i) => (pending, i + 1)))
            Assert.Equal(new Placed(AnnAndBob, seq, Now, pending.Content), found[pending.Key]);
        Assert.Equal([null, .. ids[1..]], await AllAsync<string?>("SELECT client_id FROM messages ORDER BY seq"));
        Assert.Empty(await Messages.FindAsync([], Cancel));
    }

    [Fact]
    public async Task A_command_is_found_as_itself()
    {
        var create = Create(Ann, Team, "T", Bob);
        await StoreAsync(create);
        var repeat = await PlanAsync(create);
        Assert.Equal((null, 1, true), (repeat.Outcomes[0].Code, repeat.Outcomes[0].Seq, repeat.IsEmpty));
    }

    public static TheoryData<string> Bodies => new()
    {
        "", " ", "it's \"quoted\" \\ back\\slash, {braces,NULL}", "line\r\nline\ttab", "\u0001\u001f\u007f\u0085", "ÄÖÜß ñ", "中文 עברית العربية", "\ud834\udd1e 😀 👩‍👩‍👧",
        "\u2028\u2029\ufeff\ufffd\uffff", "\U000E0041\U0010FFFF\U0002A6D6", "e\u0301 is not \u00e9", "NULL", "null",
    };

    [Theory]
    [MemberData(nameof(Bodies))]
    public async Task A_body_comes_back_as_it_went_in(string body)
    {
        var pending = Send(Ann, AnnAndBob, "id", body);
        await StoreAsync(pending);
        Assert.Equal(body, await OneAsync<string>("SELECT body FROM messages"));
        Assert.Equal(pending.Content, (await Messages.FindAsync([pending.Key], Cancel))[pending.Key].Content);
    }

    [Fact]
    public async Task The_longest_body_fits()
    {
        var body = string.Concat(Enumerable.Repeat("𝄞", Limits.BodyBytes / 4));
        await StoreAsync(Send(Ann, AnnAndBob, "long", body));
        Assert.Equal(body, await OneAsync<string>("SELECT body FROM messages"));
    }

    [Fact]
    public async Task No_type_and_each_type_are_told_apart()
    {
        await StoreAsync(Send(Ann, AnnAndBob, "a"), Send(Ann, AnnAndBob, "b", type: "text/markdown; x=\"y\""), Send(Ann, AnnAndBob, "c", type: new string('t', Limits.TypeLength)));
        Assert.Equal([null, "text/markdown; x=\"y\"", new string('t', Limits.TypeLength)], await AllAsync<string?>("SELECT type FROM messages ORDER BY seq"));
    }

    [Fact]
    public async Task A_thousand_messages_are_one_plan()
    {
        var peers = Enumerable.Range(0, 10).Select(i => ConversationId.Direct(Ann, new[] { Ann, Bob, Cem, Dora }[i % 4])).Distinct().ToArray();
        var plan = await StoreAsync([.. Enumerable.Range(0, 1000).Select(i => Send(Ann, peers[i % peers.Length], Guid.CreateVersion7().ToString(), $"text {i}"))]);
        Assert.Equal(plan.Rows.Count, await CountAsync("messages"));
        foreach (var peer in peers) Assert.Equal(plan.Rows.Count(row => row.Conversation == peer), (await LoadAsync(peer)).Head);
        Assert.Equal(
            plan.Rows.Where(row => row.Conversation == AnnAndBob).Select(TextOf), await AllAsync<string>("SELECT body FROM messages WHERE conversation = @id ORDER BY seq", new { id = AnnAndBob }));
    }

    [Fact]
    public async Task Users_without_an_account_do_not_exist()
    {
        Assert.Equal([Ann, Dora], (await Messages.ExistingUsersAsync([Ann, Nobody, Dora], Cancel)).Order());
        Assert.Empty(await Messages.ExistingUsersAsync([], Cancel));
    }
}
