using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using Im.Client;
using Im.Flow.Tests.Systems;
using Im.Protocol;

namespace Im.Flow.Tests.Groups;

public sealed class AccessInStandalone(RunningSystems systems) : AccessSpec(systems.StandaloneAsync);

public sealed class AccessInFull(RunningSystems systems) : AccessSpec(systems.FullAsync);

public sealed class AccessThroughEdge(RunningSystems systems) : AccessSpec(systems.EdgeAsync);

/// <summary>Every operation on a group by everybody who might try: for those outside it does not exist, whatever they know of it.</summary>
public abstract class AccessSpec(Func<Task<RunningSystem>> start) : FlowTest(start)
{
    public enum Who
    {
        Member,
        ExMember,
        Stranger,
        Nobody,
    }

    public static TheoryData<string, string, string?, Who> Operations
    {
        get
        {
            var operations = new TheoryData<string, string, string?, Who>();
            foreach (var who in Enum.GetValues<Who>())
            {
                operations.Add("GET", "", null, who);
                operations.Add("GET", "/messages", null, who);
                operations.Add("GET", "/messages?afterSeq=0&limit=10", null, who);
                operations.Add("PATCH", "", """{"title":"mine"}""", who);
                operations.Add("PUT", "/members/{stranger}", null, who);
                operations.Add("DELETE", "/members/{owner}", null, who);
            }

            return operations;
        }
    }

    [Theory]
    [MemberData(nameof(Operations))]
    [Trait("abuse", "51")]
    [Trait("abuse", "59")]
    public async Task An_operation_is_answered_by_who_asks(string method, string path, string? body, Who who)
    {
        var users = await System.NewUsersAsync(4, Cancel);
        var session = await users[0].LogInAsync(Cancel);
        using var owner = System.Api(session);
        var group = await owner.CreateGroupAsync("private", [users[1].Id, users[2].Id], Cancel);
        await owner.RemoveMemberAsync(group, users[2].Id, Cancel);
        var asks = who switch
        {
            Who.Member => await users[1].LogInAsync(Cancel),
            Who.ExMember => await users[2].LogInAsync(Cancel),
            Who.Stranger => await users[3].LogInAsync(Cancel),
            _ => null,
        };
        var expected = who switch
        {
            Who.Nobody => (401, Codes.Unauthorized),
            Who.ExMember or Who.Stranger => (404, Codes.NotFound),
            _ when method == "GET" => (200, null),
            _ => (403, Codes.Forbidden),
        };

        path = path.Replace("{owner}", users[0].Id, StringComparison.Ordinal).Replace("{stranger}", users[3].Id, StringComparison.Ordinal);
        Assert.Equal(expected, await AskAsync(method, $"v1/conversations/{group}{path}", body, asks));
        if (who is Who.ExMember or Who.Stranger)
            Assert.Equal(expected, await AskAsync(method, $"v1/conversations/{group[..^1]}{(group[^1] == '0' ? '1' : '0')}{path}", body, asks));
        Assert.Equal([users[0].Id, users[1].Id], (await owner.GetConversationAsync(group, Cancel)).Members!);
    }

    [Fact]
    [Trait("abuse", "51")]
    public async Task Frames_about_conversations_of_others_are_not_found_and_change_nothing()
    {
        var users = await System.NewUsersAsync(4, Cancel);
        var (owner, stranger) = (await ConnectAsync(users[0]), await ConnectAsync(users[3], System.OtherGateway));
        using var api = System.Api(await users[0].LogInAsync(Cancel));
        var group = await api.CreateGroupAsync("private", [users[1].Id], Cancel);
        var pair = (await owner.SayAsync(To(users[1]), "between us")).Conversation;

        foreach (var foreign in (string[])[group, pair])
        {
            Assert.Equal(Codes.NotFound, await stranger.RefusedAsync(Into(foreign), "let me in"));
            stranger.Ack(foreign, 1);
            stranger.Send(new ClientFrame.Read(foreign, 1));
        }

        await UntilAsync(() => Task.FromResult(stranger.Frames.OfType<ServerFrame.Error>().Count(error => error.Code == Codes.NotFound)), count => count == 4);
        using var strangers = System.Api(await users[3].LogInAsync(Cancel));
        Assert.Empty((await strangers.GetConversationsAsync(cancellationToken: Cancel)).Items);
        Assert.Equal(404, (await Assert.ThrowsAsync<ImApiException>(() => strangers.GetMessagesAsync(pair, cancellationToken: Cancel))).Status);
        Assert.Equal(2, (await owner.SayAsync(Into(pair), "still")).Seq);
    }

    [Fact]
    [Trait("abuse", "55")]
    public async Task Nobody_can_forge_a_message_about_members()
    {
        var (ann, bob) = (await NewUserAsync(), await NewUserAsync());
        var anns = await ConnectAsync(ann);
        var id = anns.Post(To(bob), "{\"left\":[\"1\"]}", type: Limits.MemberType);
        Assert.Equal(Codes.Forbidden, (await anns.NextAsync<ServerFrame.Rejected>(rejected => rejected.Id == id)).Code);
    }

    private async Task<(int Status, string? Code)> AskAsync(string method, string path, string? body, ImSession? session)
    {
        using var http = Wire.NewClient(System.OtherGateway);
        using var request = new HttpRequestMessage(new HttpMethod(method), path);
        if (body is not null) request.Content = JsonContent.Create(JsonDocument.Parse(body).RootElement);
        if (session is not null) request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", session.SessionId);
        using var response = await http.SendAsync(request, Cancel);
        if (response.StatusCode == HttpStatusCode.OK) return (200, null);
        Assert.Equal("application/problem+json", response.Content.Headers.ContentType?.MediaType);
        var problem = await response.Content.ReadFromJsonAsync<JsonElement>(Cancel);
        return ((int)response.StatusCode, problem.GetProperty("code").GetString());
    }
}
