using System.Net.Http.Headers;
using System.Text;
using Im.Client;
using Im.Flow.Tests.Devices;
using Im.Flow.Tests.Systems;
using Im.Protocol;

namespace Im.Flow.Tests.Abuse;

public sealed class ForeignConversationInStandalone(RunningSystems systems) : ForeignConversationSpec(systems.StandaloneAsync);

public sealed class ForeignConversationInFull(RunningSystems systems) : ForeignConversationSpec(systems.FullAsync);

/// <summary>
/// Frames and calls about a conversation by those who are not, or no longer, in it: answered as if it did not exist, and without a trace in it. What is
/// asked of a group over HTTP stands in AccessSpec.
/// </summary>
public abstract class ForeignConversationSpec(Func<Task<RunningSystem>> start) : FlowTest(start)
{
    [Theory]
    [InlineData("ex-member", "group")]
    [InlineData("stranger", "group")]
    [InlineData("stranger", "pair")]
    [Trait("abuse", "51")]
    public async Task Every_frame_is_not_found_and_leaves_no_trace(string who, string kind)
    {
        var users = await System.NewUsersAsync(3, Cancel);
        var owner = await ConnectAsync(users[0]);
        var member = await ConnectAsync(users[1], System.OtherGateway);
        var foreign = await ForeignAsync(owner, users, who, kind);
        var outsider = await ConnectAsync(users[2], System.OtherGateway);

        Assert.Equal(Codes.NotFound, await outsider.RefusedAsync(Into(foreign), "let me in"));
        var seen = outsider.Frames.Count;
        outsider.Ack(foreign, 1);
        outsider.Send(new ClientFrame.Read(foreign, 1));
        outsider.Send(new ClientFrame.Typing(Into(foreign)));
        outsider.Send(new ClientFrame.Ping());
        await outsider.NextAsync<ServerFrame.Pong>(after: seen);
        // Typing is never answered.
        Assert.Equal(2, outsider.Frames.Skip(seen).OfType<ServerFrame.Error>().Count(error => error.Code == Codes.NotFound));

        await owner.SayAsync(Into(foreign), "marker");
        await member.MessageAsync("marker");
        Assert.DoesNotContain(member.Frames, frame => frame is ServerFrame.Typing typing && typing.User == users[2].Id);
        Assert.DoesNotContain(member.Frames, frame => frame is ServerFrame.Receipt receipt && receipt.User == users[2].Id);
        Assert.DoesNotContain(member.Messages, message => TextOf(message) == "let me in");
        Assert.DoesNotContain(outsider.Messages, message => message.Conversation == foreign && TextOf(message) == "marker");
    }

    [Theory]
    [InlineData("GET", "", null)]
    [InlineData("GET", "/messages?limit=10", null)]
    [InlineData("PATCH", "", """{"title":"mine"}""")]
    [InlineData("PUT", "/members/{me}", null)]
    [InlineData("DELETE", "/members/{them}", null)]
    [Trait("abuse", "51")]
    [Trait("abuse", "59")]
    public async Task Every_call_about_the_pair_of_others_is_not_found(string method, string path, string? body)
    {
        var users = await System.NewUsersAsync(3, Cancel);
        var owner = await ConnectAsync(users[0]);
        var pair = (await owner.SayAsync(To(users[1]), "between us")).Conversation;
        var session = await users[2].LogInAsync(Cancel);
        path = path.Replace("{me}", users[2].Id, StringComparison.Ordinal).Replace("{them}", users[1].Id, StringComparison.Ordinal);
        foreach (var (asks, status) in ((ImSession?, int)[])[(session, 404), (null, 401)])
        {
            using var http = Wire.NewClient(System.OtherGateway);
            using var request = new HttpRequestMessage(new HttpMethod(method), $"v1/conversations/{pair}{path}");
            if (body is not null) request.Content = new StringContent(body, Encoding.UTF8, "application/json");
            if (asks is not null) request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", asks.SessionId);
            using var response = await http.SendAsync(request, Cancel);
            Assert.Equal(status, (int)response.StatusCode);
            Assert.DoesNotContain("between us", await response.Content.ReadAsStringAsync(Cancel), StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("ex-member", "group")]
    [InlineData("stranger", "group")]
    [InlineData("stranger", "pair")]
    [Trait("abuse", "50")]
    public async Task A_cursor_of_somebody_else_opens_nothing(string who, string kind)
    {
        var users = await System.NewUsersAsync(3, Cancel);
        var owner = await ConnectAsync(users[0]);
        var foreign = await ForeignAsync(owner, users, who, kind);
        var session = await users[2].LogInAsync(Cancel);
        using var api = System.Api(session);
        foreach (var cursor in (long[])[0, 1, long.MaxValue])
        {
            var device = await ConnectAsync(session, cursors: new Dictionary<string, long> { [foreign] = cursor });
            await owner.SayAsync(Into(foreign), $"live {cursor}");
            await owner.SayAsync(To(users[2]), $"marker {cursor}");
            await device.MessageAsync($"marker {cursor}");
            Assert.DoesNotContain(device.Messages, message => message.Conversation == foreign);
        }

        Assert.DoesNotContain((await api.GetConversationsAsync(cancellationToken: Cancel)).Items, item => item.ConversationId == foreign);
    }

    [Theory]
    [InlineData("")]
    [InlineData("u")]
    [InlineData("%")]
    [InlineData("*")]
    [InlineData("_")]
    [InlineData("' OR '1'='1")]
    [Trait("abuse", "57")]
    public async Task Users_are_found_by_their_whole_name_alone(string guess)
    {
        var ann = await NewUserAsync();
        using var api = System.Api(await ann.LogInAsync(Cancel));
        var name = (await api.GetMeAsync(Cancel)).Username;
        foreach (var asked in (string[])[guess, name[..^1], name + guess[..Math.Min(1, guess.Length)] + "x"])
            Assert.Equal(404, (await Assert.ThrowsAsync<ImApiException>(() => api.FindUserAsync(asked, Cancel))).Status);
        Assert.Equal(ann.Id, (await api.FindUserAsync(name, Cancel)).UserId);
    }

    private async Task<string> ForeignAsync(Device owner, IReadOnlyList<TestUser> users, string who, string kind)
    {
        if (kind == "pair") return (await owner.SayAsync(To(users[1]), "between us")).Conversation;
        using var api = System.Api(await users[0].LogInAsync(Cancel));
        var group = await api.CreateGroupAsync("private", who == "ex-member" ? [users[1].Id, users[2].Id] : [users[1].Id], Cancel);
        await owner.SayAsync(Into(group), "among us");
        if (who == "ex-member") await api.RemoveMemberAsync(group, users[2].Id, Cancel);
        return group;
    }
}
