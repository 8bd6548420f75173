using Im.Contracts;
using Im.Gateway.Log;
using static Im.Message.Tests.Asked;

namespace Im.Message.Tests.Log;

/// <summary>What the message service stored, as gateways read it for who comes back: many conversations in one query.</summary>
public abstract partial class MessageLogSpec
{
    private static readonly ConversationId AnnAndCem = ConversationId.Direct(Ann, Cem);
    private static readonly ConversationId BobAndCem = ConversationId.Direct(Bob, Cem);

    private async Task<IReadOnlyList<LogPage?>> ReadAsync(long user, params LogRange[] ranges) => await new LogReader(Store).ReadAsync(user, ranges, Cancel);

    [Fact]
    public async Task Each_conversation_is_read_behind_its_own_place_and_as_far_as_it_was_asked_for()
    {
        await StoreAsync([.. Enumerable.Range(1, 5).Select(nr => Send(Ann, AnnAndBob, $"b{nr}", $"to Bob {nr}"))]);
        await StoreAsync([.. Enumerable.Range(1, 3).Select(nr => Send(Cem, AnnAndCem, $"c{nr}", $"from Cem {nr}"))]);
        await StoreAsync(Send(Bob, BobAndCem, "not hers"));

        var pages = await ReadAsync(Ann, new LogRange(AnnAndCem, 1, 10), new LogRange(AnnAndBob, 2, 2), new LogRange(AnnAndBob, 5, 2));

        Assert.Equal(["from Cem 2", "from Cem 3"], pages[0]!.Messages.Select(message => message.Body));
        Assert.Equal([(3, "to Bob 3"), (4, "to Bob 4")], pages[1]!.Messages.Select(message => (message.Seq, message.Body)));
        Assert.Empty(pages[2]!.Messages);
        Assert.All(pages, page => Assert.Equal(1, page!.FromSeq));
    }

    [Fact]
    public async Task A_conversation_that_the_user_is_not_in_has_no_page_and_holds_no_other_up()
    {
        await StoreAsync(Send(Bob, BobAndCem, "a"));
        await StoreAsync(Send(Ann, AnnAndBob, "b"));
        await StoreAsync(Create(Dora, Team, "T", Ann));
        await StoreAsync(Remove(Dora, Team, Ann));

        var pages = await ReadAsync(Ann, new LogRange(BobAndCem, 0, 10), new LogRange(Team, 0, 10), new LogRange(ConversationId.Group(404), 0, 10), new LogRange(AnnAndBob, 0, 10));

        Assert.Equal([null, null, null], pages.Take(3));
        Assert.Single(pages[3]!.Messages);
    }

    [Fact]
    public async Task Who_joined_late_is_given_as_many_as_he_asked_for_from_there_on()
    {
        await StoreAsync(Create(Dora, Team, "T", Cem));
        await StoreAsync([.. Enumerable.Range(2, 4).Select(nr => Send(Cem, Team, $"m{nr}"))]);
        await StoreAsync(Add(Dora, Team, Ann));
        await StoreAsync([.. Enumerable.Range(7, 4).Select(nr => Send(Cem, Team, $"m{nr}"))]);

        var page = Assert.Single(await ReadAsync(Ann, new LogRange(Team, 0, 3)));

        Assert.Equal(6, page!.FromSeq);
        Assert.Equal([6, 7, 8], page.Messages.Select(message => message.Seq));
        Assert.Equal([9, 10], Assert.Single(await ReadAsync(Ann, new LogRange(Team, 8, 3)))!.Messages.Select(message => message.Seq));
    }

    [Fact]
    public async Task A_message_is_read_as_it_was_sent()
    {
        var uuid = Guid.NewGuid().ToString();
        await StoreAsync(Send(Ann, AnnAndBob, "no uuid", "it's \"new\" 𝄞", type: "application/x-dice"), Send(Ann, AnnAndBob, uuid, "plain"));

        var messages = Assert.Single(await ReadAsync(Bob, new LogRange(AnnAndBob, 0, 10)))!.Messages;

        Assert.Equal([("no uuid", "application/x-dice", "it's \"new\" 𝄞", Ann, Now), (uuid, null, "plain", Ann, Now)],
            messages.Select(message => (message.SenderId, message.Type, message.Body, message.Sender, message.Time)));
    }

    [Fact]
    public async Task A_hundred_conversations_are_read_together_each_behind_its_own_place()
    {
        var conversations = Enumerable.Range(1_000, 100).Select(other => ConversationId.Direct(Ann, other)).ToArray();
        foreach (var one in conversations)
        {
            await RunAsync("INSERT INTO accounts (user_id, username, username_key, disabled, created_at) VALUES (@user, @name, @name, @no, 0)",
                new { user = one.Low, name = $"u{one.Low}", no = false });
        }

        await StoreAsync([.. conversations.SelectMany(one => new[] { Send(one.Low, one, $"a{one}"), Send(one.Low, one, $"b{one}", "last") })]);

        var pages = await ReadAsync(Ann, [.. conversations.Select(one => new LogRange(one, 1, 2))]);

        Assert.Equal(100, pages.Count);
        Assert.All(pages, page => Assert.Equal((2, "last"), (Assert.Single(page!.Messages).Seq, page.Messages[0].Body)));
    }
}
