using System.Net.Sockets;
using Im.Protocol;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace Im.Client.Tests.Client;

public class Calling : ClientTest
{
    private readonly List<string> _asked = [];

    [Fact]
    public async Task Logging_in_connects_to_the_gateway_that_the_answer_names()
    {
        await using var other = await FakeGateway.StartAsync();
        Answer(201, $$"""{"sessionId":"s-9","userId":"u1","deviceId":"d1","expiresAt":5,"gateway":"ws://127.0.0.1:{{other.Address.Port}}/v1/ws","later":1}""");
        var logging = ImClient.LogInAsync(Gateway.Address, "alice", "secret", new DeviceInfo(Name: "laptop"));
        var socket = await other.WelcomeAsync();
        await using var client = await logging.WaitAsync(Soon.Limit);
        Assert.Equal("s-9", socket.Hello!.Session);
        Assert.Equal("""POST /v1/sessions  {"username":"alice","password":"secret","device":{"name":"laptop"}}""", Assert.Single(_asked));
        await socket.CloseAsync(CloseCodes.Replaced);
    }

    [Fact]
    public async Task History_is_asked_for_with_the_session_and_its_bounds()
    {
        Answer(200, """{"items":[{"c":"c1","seq":7,"mid":"m7","from":"u2","body":"x","type":"text/plain","time":5}]}""");
        var message = Assert.Single(await Client.Api.GetMessagesAsync("c/1", afterSeq: 6, limit: 10));
        Assert.Equal(("c1", 7L, "u2", "x"), (message.ConversationId, message.Seq, message.From, message.Body));
        Assert.Equal("GET /v1/conversations/c%2F1/messages?afterSeq=6&limit=10 Bearer session-1 ", Assert.Single(_asked));
    }

    [Fact]
    public async Task A_group_is_made_and_its_members_changed()
    {
        Answer(201, """{"conversationId":"g1"}""");
        Assert.Equal("g1", await Client.Api.CreateGroupAsync("T", ["u1", "u2"]));
        Answer(204, "");
        await Client.Api.AddMemberAsync("g1", "u3");
        await Client.Api.RemoveMemberAsync("g1", "u2");
        await Client.Api.RenameGroupAsync("g1", "New");
        Assert.Equal(
            [
                """POST /v1/conversations Bearer session-1 {"kind":"group","title":"T","members":["u1","u2"]}""",
                "PUT /v1/conversations/g1/members/u3 Bearer session-1 ",
                "DELETE /v1/conversations/g1/members/u2 Bearer session-1 ",
                """PATCH /v1/conversations/g1 Bearer session-1 {"title":"New"}""",
            ],
            _asked);
    }

    [Fact]
    public async Task Contacts_and_blocks_are_asked_for_and_changed()
    {
        Answer(200, """{"items":[{"userId":"u2","username":"bob","displayName":"Bob","state":"pending","since":5}]}""");
        Assert.Equal(new Contact("u2", "bob", "Bob", ContactStates.Pending, 5), Assert.Single(await Client.Api.GetContactsAsync()));
        Answer(200, """{"items":[{"userId":"u2","username":"bob","displayName":null,"since":5}]}""");
        Assert.Equal(new Block("u2", "bob", null, 5), Assert.Single(await Client.Api.GetBlocksAsync()));
        Answer(201, """{"userId":"u2","state":"requested"}""");
        Assert.Equal(new ContactAnswer("u2", ContactStates.Requested), await Client.Api.RequestContactAsync("u2"));
        Answer(204, "");
        await Client.Api.AcceptContactAsync("u2");
        await Client.Api.RemoveContactAsync("u2");
        await Client.Api.BlockAsync("u2");
        await Client.Api.UnblockAsync("u2");
        Assert.Equal(
            [
                """POST /v1/contacts Bearer session-1 {"userId":"u2"}""", """PUT /v1/contacts/u2 Bearer session-1 {"state":"accepted"}""",
                "DELETE /v1/contacts/u2 Bearer session-1 ", "PUT /v1/blocks/u2 Bearer session-1 ", "DELETE /v1/blocks/u2 Bearer session-1 ",
            ],
            _asked[2..]);
    }

    [Fact]
    public async Task Lists_are_fetched_page_by_page()
    {
        Gateway.Http = context =>
        {
            _asked.Add($"{context.Request.Path}{context.Request.QueryString}");
            var before = context.Request.Query["beforeSeq"] is [{ } text] ? int.Parse(text, System.Globalization.CultureInfo.InvariantCulture) : 6;
            var after = context.Request.Query["afterSeq"] is [{ } last] ? int.Parse(last, System.Globalization.CultureInfo.InvariantCulture) : Math.Max(0, before - 3);
            return context.Request.Path.Value!.EndsWith("messages", StringComparison.Ordinal)
                ? context.Response.WriteAsJsonAsync(new
                {
                    items = Enumerable.Range(after + 1, Math.Max(0, Math.Min(2, before - after - 1))).Select(seq => new { c = "c1", seq, mid = "m", from = "u", body = "", time = 1 }),
                })
                : context.Response.WriteAsJsonAsync(context.Request.Query.ContainsKey("after")
                    ? new { items = new[] { new { conversationId = "c2", kind = "group" } }, next = (string?)null }
                    : new { items = new[] { new { conversationId = "c1", kind = "direct" } }, next = (string?)"n 1" });
        };
        Assert.Equal([1L, 2L, 3L, 4L, 5L], await Client.Api.HistoryAsync("c1", pageSize: 2).Select(message => message.Seq).ToListAsync());
        Assert.Equal([5L, 4L, 3L, 2L, 1L], await Client.Api.HistoryBackwardsAsync("c1", pageSize: 2).Select(message => message.Seq).ToListAsync());
        Assert.Equal(["c1", "c2"], await Client.Api.ListConversationsAsync(1).Select(one => one.ConversationId).ToListAsync());
        Assert.Equal(
            [
                "/v1/conversations/c1/messages?afterSeq=0&limit=2", "/v1/conversations/c1/messages?afterSeq=2&limit=2",
                "/v1/conversations/c1/messages?afterSeq=4&limit=2", "/v1/conversations/c1/messages?afterSeq=5&limit=2",
                "/v1/conversations/c1/messages?limit=2", "/v1/conversations/c1/messages?beforeSeq=4&limit=2", "/v1/conversations/c1/messages?beforeSeq=2&limit=2",
                "/v1/conversations?limit=1", "/v1/conversations?limit=1&after=n%201",
            ],
            _asked);
    }

    [Fact]
    public async Task Only_what_changes_of_a_profile_is_sent()
    {
        Answer(200, """{"userId":"u1","username":"alice","displayName":"A"}""");
        Assert.Equal("A", (await Client.Api.ChangeMeAsync(new ProfileChange(DisplayName: "A"))).DisplayName);
        Assert.EndsWith("""{"displayName":"A"}""", Assert.Single(_asked), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_problem_is_an_exception_with_its_code_and_pause()
    {
        Answer(429, """{"title":"Too many","status":429,"code":"too_many","detail":"later"}""", "application/problem+json", retryAfter: "7");
        var problem = await Assert.ThrowsAsync<ImApiException>(() => Client.Api.GetMeAsync());
        Assert.Equal((429, Codes.TooMany, TimeSpan.FromSeconds(7)), (problem.Status, problem.Code, problem.RetryAfter));

        Answer(502, "<html>", "text/html");
        problem = await Assert.ThrowsAsync<ImApiException>(() => Client.Api.GetMeAsync());
        Assert.Equal((502, null, null), (problem.Status, problem.Code, problem.RetryAfter));
    }

    [Theory]
    [InlineData("null")]
    [InlineData("{")]
    [InlineData("[]")]
    public async Task An_answer_that_is_not_the_contracts_is_no_answer(string body)
    {
        Answer(200, body);
        await Assert.ThrowsAsync<HttpRequestException>(() => Client.Api.GetMeAsync());
    }

    [Fact]
    public async Task A_connection_that_is_reset_at_its_birth_is_a_server_that_cannot_be_reached()
    {
        using var handler = new ResetAtBirth();
        await using var client = new ImClient(new ImClientOptions { Gateway = Gateway.Address, Session = "session-1", Handler = handler });
        var fault = await Assert.ThrowsAsync<HttpRequestException>(() => client.Api.GetMeAsync());
        Assert.IsType<SocketException>(fault.InnerException);
    }

    private void Answer(int status, string body, string type = "application/json", string? retryAfter = null) => Gateway.Http = async context =>
    {
        var sent = await new StreamReader(context.Request.Body).ReadToEndAsync();
        _asked.Add($"{context.Request.Method} {RawTarget(context)} {context.Request.Headers.Authorization} {sent}");
        context.Response.StatusCode = status;
        if (retryAfter is not null) context.Response.Headers.RetryAfter = retryAfter;
        if (status == 204) return;
        context.Response.ContentType = type;
        await context.Response.WriteAsync(body);
    };

    private static string RawTarget(HttpContext context) => context.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget;

    /// <summary>As the pool of .NET 10 lets it through.</summary>
    private sealed class ResetAtBirth : HttpMessageHandler
    {
        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken) =>
            Task.FromException<HttpResponseMessage>(new SocketException((int)SocketError.NotConnected));
    }
}
