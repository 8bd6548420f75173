using System.Text.Json;
using Im.Flow.Tests.Systems;

namespace Im.Flow.Tests.Journeys;

public sealed class JourneyInStandalone(RunningSystems systems) : JourneySpec(systems.StandaloneAsync);

public sealed class JourneyInFull(RunningSystems systems) : JourneySpec(systems.FullAsync);

/// <summary>An operator asks where a message is.</summary>
public abstract class JourneySpec(Func<Task<RunningSystem>> start) : FlowTest(start)
{
    [Fact]
    public async Task A_message_is_accepted_then_sent_then_acknowledged()
    {
        var (ann, bob) = (await NewUserAsync(), await NewUserAsync());
        var (anns, bobs) = (await ConnectAsync(ann), await ConnectAsync(bob, System.OtherGateway, device: "phone"));
        var sent = await anns.SayAsync(To(bob), "the body is nobody's business");
        await bobs.MessageAsync("the body is nobody's business");

        var journey = await UntilJourneyAsync(sent.MessageId, now => now.DeviceOf(bob, "phone") == ("sent", "not_acknowledged"));
        Assert.Equal((sent.Conversation, sent.Seq, sent.MessageId, ann.Id, sent.Id, sent.Time), OriginOf(journey.Answer));
        Assert.Equal(("sent", null), journey.Of(bob));
        Assert.Equal(("acknowledged", "by_connection"), journey.DeviceOf(ann));
        Assert.Equal((2, 0), journey.Count);
        var phone = journey.Device(bob);
        Assert.Contains(phone.GetProperty("gateway").GetString()!, journey.Gateways.Keys);
        Assert.InRange(phone.GetProperty("sentAt").GetInt64(), phone.GetProperty("connectedAt").GetInt64(), long.MaxValue);
        Assert.DoesNotContain("business", journey.ToString(), StringComparison.Ordinal);

        bobs.Ack(sent.Conversation, sent.Seq);
        journey = await UntilJourneyAsync(sent.MessageId, now => now.DeviceOf(bob) == ("acknowledged", null));
        Assert.Equal(("acknowledged", null), journey.Of(bob));
        Assert.Equal((2, 1), journey.Count);
    }

    [Fact]
    public async Task It_is_found_by_who_sent_it_and_his_own_id()
    {
        var (ann, bob) = (await NewUserAsync(), await NewUserAsync());
        var anns = await ConnectAsync(ann);
        var sent = await anns.SayAsync(To(bob), "hello", "parcel-4711");
        var found = await AskAsync($"from={ann.Id}&id=parcel-4711");
        Assert.Equal(200, found.Status);
        Assert.Equal(sent.MessageId, JsonDocument.Parse(found.Answer).RootElement.GetProperty("messageId").GetString());
        Assert.Equal(404, (await AskAsync($"from={bob.Id}&id=parcel-4711")).Status);
        Assert.Equal(404, (await AskAsync($"from={ann.Id}&id=parcel-4712")).Status);
    }

    [Theory]
    [InlineData("messageId=d1-2.99", 404, "not_found")]
    [InlineData("messageId=nonsense", 404, "not_found")]
    [InlineData("messageId=g0.1", 404, "not_found")]
    [InlineData("from=zero&id=x", 404, "not_found")]
    [InlineData("", 400, "invalid")]
    [InlineData("from=12", 400, "invalid")]
    [InlineData("id=12", 400, "invalid")]
    [InlineData("messageId=d1-2.1&from=12&id=x", 400, "invalid")]
    [InlineData("messageId=d1-2.1&from=12", 400, "invalid")]
    [InlineData("messageId=d1-2.1&limit=0", 400, "invalid")]
    [InlineData("messageId=d1-2.1&limit=1001", 400, "invalid")]
    [InlineData("messageId=d1-2.1&after=x", 400, "invalid")]
    public async Task A_message_that_is_not_there_is_not_found_and_half_a_question_is_refused(string query, int status, string code)
    {
        var answer = await AskAsync(query);
        Assert.Equal((status, code), (answer.Status, JsonDocument.Parse(answer.Answer).RootElement.GetProperty("code").GetString()));
    }

    [Fact]
    public async Task Who_is_away_lets_it_wait_until_he_comes_and_acknowledges()
    {
        var (ann, bob) = (await NewUserAsync(), await NewUserAsync());
        var anns = await ConnectAsync(ann);
        var session = await bob.LogInAsync(Cancel, "phone");
        var sent = await anns.SayAsync(To(bob), "hello");
        await UntilJourneyAsync(sent.MessageId, now => now.DeviceOf(bob, "phone") == ("waiting", "offline"));

        var phone = await ConnectAsync(session, System.OtherGateway);
        await phone.MessageAsync("hello");
        await UntilJourneyAsync(sent.MessageId, now => now.DeviceOf(bob) == ("sent", "not_acknowledged"));

        // He leaves without a word: the gateway remembers that he was given it.
        await phone.DisposeAsync();
        var left = await UntilJourneyAsync(sent.MessageId, now => now.DeviceOf(bob) == ("waiting", "offline_unacknowledged"));
        Assert.True(left.Device(bob).GetProperty("endedAt").GetInt64() >= left.Device(bob).GetProperty("sentAt").GetInt64());
        Assert.Equal(("waiting", null), left.Of(bob));

        var back = await ConnectAsync(session, cursors: new Dictionary<string, long> { [sent.Conversation] = sent.Seq });
        await UntilJourneyAsync(sent.MessageId, now => now.DeviceOf(bob) == ("acknowledged", "held_by_client"));
        back.Ack(sent.Conversation, sent.Seq);
        await UntilJourneyAsync(sent.MessageId, now => now.Of(bob) == ("acknowledged", null));
    }

    [Fact]
    public async Task Who_has_logged_out_everywhere_has_no_devices()
    {
        var (ann, bob) = (await NewUserAsync(), await NewUserAsync());
        var anns = await ConnectAsync(ann);
        await bob.LogInAsync(Cancel);
        var sent = await anns.SayAsync(To(bob), "hello");
        await System.Admin.EndSessionsAsync(bob.Id, Cancel);
        var journey = await Journey.OfAsync(System, sent.MessageId, Cancel);
        Assert.Equal(("waiting", "no_sessions"), journey.Of(bob));
        Assert.Throws<InvalidOperationException>(() => journey.Device(bob));
    }

    [Fact]
    public async Task A_device_that_is_younger_than_the_message_began_behind_it()
    {
        var (ann, bob) = (await NewUserAsync(), await NewUserAsync());
        var (anns, phone) = (await ConnectAsync(ann), await ConnectAsync(bob, device: "phone"));
        var sent = await anns.SayAsync(To(bob), "hello");
        await phone.MessageAsync("hello");
        phone.Ack(sent.Conversation, sent.Seq);
        await UntilJourneyAsync(sent.MessageId, now => now.DeviceOf(bob, "phone") == ("acknowledged", null));
        await bob.LogInAsync(Cancel, "laptop");
        Assert.Equal(("acknowledged", "newer_device"), (await Journey.OfAsync(System, sent.MessageId, Cancel)).DeviceOf(bob, "laptop"));
    }

    [Fact]
    public async Task In_a_group_it_is_for_those_who_were_in_it_then()
    {
        var (ann, bob, cem, dora) = (await NewUserAsync(), await NewUserAsync(), await NewUserAsync(), await NewUserAsync());
        var eve = await NewUserAsync();
        var (anns, bobs) = (await ConnectAsync(ann), await ConnectAsync(bob, System.OtherGateway));
        await eve.LogInAsync(Cancel);
        using var api = System.Api(await ann.LogInAsync(Cancel, "api"));
        var group = await api.CreateGroupAsync("all", [bob.Id, cem.Id, eve.Id], Cancel);
        await api.RemoveMemberAsync(group, cem.Id, Cancel);
        var sent = await anns.SayAsync(Into(group), "for us");
        await bobs.MessageAsync("for us");
        await api.AddMemberAsync(group, dora.Id, Cancel);
        await api.RemoveMemberAsync(group, eve.Id, Cancel);

        var journey = await UntilJourneyAsync(sent.MessageId, now => now.Of(bob) == ("sent", null));
        Assert.Equal(((string[])[ann.Id, bob.Id, eve.Id]).Order(), journey.Members.Order());
        Assert.Equal(("removed", null), journey.DeviceOf(eve));
        Assert.Equal(("removed", null), journey.Of(eve));
        Assert.Equal(3, journey.Count.Members);

        // The message about a removal is not for the one who was removed, but it has its journey too.
        var removal = await Journey.OfAsync(System, $"{group}.2", Cancel);
        Assert.DoesNotContain(cem.Id, removal.Members);
        Assert.False(removal.Answer.TryGetProperty("id", out _));
    }

    [Fact]
    public async Task The_members_of_a_large_group_come_by_pages()
    {
        var users = await System.NewUsersAsync(7, Cancel);
        using var api = System.Api(await users[0].LogInAsync(Cancel));
        var group = await api.CreateGroupAsync("many", [.. users.Skip(1).Select(user => user.Id)], Cancel);
        var seen = new List<string>();
        for (string? after = "1"; after is not null;)
        {
            var page = new Journey(JsonDocument.Parse((await AskAsync($"messageId={group}.1&limit=3&after={after}")).Answer).RootElement);
            Assert.InRange(page.Members.Count, 1, 3);
            Assert.Equal(7, page.Count.Members);
            seen.AddRange(page.Members);
            after = page.Answer.TryGetProperty("next", out var next) ? next.GetString() : null;
        }

        Assert.Equal(users.Select(user => user.Id).OrderBy(id => id.Length).ThenBy(id => id, StringComparer.Ordinal), seen);
    }

    /// <summary>Nobody harms these gateways: one that does not answer is slow, and asked again.</summary>
    private Task<Journey> UntilJourneyAsync(string messageId, Func<Journey, bool> isIt) =>
        UntilAsync(() => Journey.OfAsync(System, messageId, Cancel), now => now.IsWhole && isIt(now), TimeSpan.FromSeconds(60));

    private Task<(int Status, string Answer)> AskAsync(string query) => System.Admin.AskAsync(HttpMethod.Get, $"admin/v1/messages/journey?{query}", "", Cancel);

    private static (string?, long, string?, string?, string?, long) OriginOf(JsonElement answer) => (
        answer.GetProperty("conversationId").GetString(),
        answer.GetProperty("seq").GetInt64(),
        answer.GetProperty("messageId").GetString(),
        answer.GetProperty("from").GetString(),
        answer.GetProperty("id").GetString(),
        answer.GetProperty("acceptedAt").GetInt64());
}
