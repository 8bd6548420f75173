using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using Im.Client;
using Im.Flow.Tests.Devices;
using Im.Flow.Tests.Systems;
using Im.Protocol;

namespace Im.Flow.Tests.BadInput;

public sealed class HttpInStandalone(RunningSystems systems) : HttpSpec(systems.StandaloneAsync);

public sealed class HttpInFull(RunningSystems systems) : HttpSpec(systems.FullAsync);

/// <summary>Every refusal over HTTP is a problem with a documented code and shows nothing of the inside; each door has its own routes only.</summary>
public abstract class HttpSpec(Func<Task<RunningSystem>> start) : FlowTest(start)
{
    public static TheoryData<string, string, string, int, string> BadBodies { get; } = new()
    {
        { "v1/sessions", "application/json", """{"username":"a","password":"b","admin":true}""", 400, Codes.Invalid },
        { "v1/sessions", "application/json", """{"username":"a","username":"a","password":"b"}""", 400, Codes.Invalid },
        { "v1/sessions", "application/json", """{"username":5,"password":"b"}""", 400, Codes.Invalid },
        { "v1/sessions", "application/json", """{"username":null,"password":"b"}""", 400, Codes.Invalid },
        { "v1/sessions", "application/json", """{"password":"b"}""", 400, Codes.Invalid },
        { "v1/sessions", "application/json", """{"Username":"a","password":"b"}""", 400, Codes.Invalid },
        { "v1/sessions", "application/json", "not json", 400, Codes.Invalid },
        { "v1/sessions", "application/json", "", 400, Codes.Invalid },
        { "v1/sessions", "application/json", "[]", 400, Codes.Invalid },
        { "v1/sessions", "application/json", "null", 400, Codes.Invalid },
        { "v1/sessions", "text/plain", """{"username":"a","password":"b"}""", 415, Codes.Invalid },
        { "v1/sessions", "application/x-www-form-urlencoded", "username=a&password=b", 415, Codes.Invalid },
        { "v1/users", "application/json", """{"username":"a b","password":"correct horse battery"}""", 400, Codes.Invalid },
        { "v1/users", "application/json", """{"username":"somebody","password":"short"}""", 400, Codes.Invalid },
        { "v1/users", "application/json", """{"username":"somebody","password":"correct horse battery","userId":"1"}""", 400, Codes.Invalid },
        { "v1/nothing", "application/json", "{}", 404, Codes.NotFound },
        { "v1/gateways", "application/json", "{}", 405, Codes.Invalid },
    };

    [Theory]
    [MemberData(nameof(BadBodies))]
    [Trait("abuse", "19")]
    [Trait("abuse", "37")]
    [Trait("abuse", "90")]
    public async Task A_bad_request_is_a_problem_with_a_code(string path, string type, string body, int status, string code)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = new ByteArrayContent(Encoding.UTF8.GetBytes(body)) };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue(type);
        await IsProblemAsync(System.OtherGateway, request, status, code);
    }

    [Theory]
    [InlineData("GET", "v1/conversations/xyz", 404, Codes.NotFound)]
    [InlineData("GET", "v1/conversations?limit=abc", 400, Codes.Invalid)]
    [InlineData("GET", "v1/conversations?limit=0", 400, Codes.Invalid)]
    [InlineData("GET", "v1/conversations?after=xyz", 400, Codes.Invalid)]
    [InlineData("GET", "v1/users/xyz", 404, Codes.NotFound)]
    [InlineData("GET", "v1/users?username=nobody-has-this-name", 404, Codes.NotFound)]
    [InlineData("DELETE", "v1/sessions/xyz", 404, Codes.NotFound)]
    [InlineData("DELETE", "v1/contacts/xyz", 404, Codes.NotFound)]
    [InlineData("PATCH", "v1/contacts", 405, Codes.Invalid)]
    [InlineData("PUT", "v1/conversations", 405, Codes.Invalid)]
    [InlineData("TRACE", "v1/me", 405, Codes.Invalid)]
    public async Task A_known_user_gets_problems_as_well(string method, string path, int status, string code)
    {
        var session = await (await NewUserAsync()).LogInAsync(Cancel);
        using var request = new HttpRequestMessage(new HttpMethod(method), path);
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", session.SessionId);
        await IsProblemAsync(System.Gateway, request, status, code);
    }

    [Fact]
    [Trait("abuse", "65")]
    public async Task A_body_of_more_than_a_mebibyte_is_too_big()
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "v1/sessions") { Content = new ByteArrayContent(new byte[1024 * 1024 + 1]) };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        // The server answers without reading it; who sends on regardless may find the connection closed before the answer.
        request.Headers.ExpectContinue = true;
        await IsProblemAsync(System.Gateway, request, 413, Codes.TooBig);
    }

    [Theory]
    [InlineData("GET", "v1/conversations")]
    [InlineData("GET", "v1/sessions")]
    [InlineData("GET", "v1/contacts")]
    [InlineData("GET", "v1/me")]
    [InlineData("GET", "v1/users/1")]
    [InlineData("DELETE", "v1/sessions/current")]
    [InlineData("GET", "v1/conversations/1/messages")]
    [Trait("abuse", "51")]
    public async Task Without_a_session_everything_known_is_unauthorized(string method, string path)
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), path);
        await IsProblemAsync(System.Gateway, request, 401, Codes.Unauthorized);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("wrong")]
    [Trait("abuse", "82")]
    public async Task The_admin_api_wants_its_key(string? key)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "admin/v1/nodes");
        if (key is not null) request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", key);
        await IsProblemAsync(System.Admin.Address, request, 401, Codes.Unauthorized);
    }

    [Fact]
    [Trait("abuse", "82")]
    public async Task Each_door_knows_its_own_routes_only_whatever_the_host_header_says()
    {
        var (client, admin) = (System.Gateway, System.Admin.Address);
        foreach (var host in (string[])[client.Authority, admin.Authority, "localhost", "evil.example"])
        {
            Assert.StartsWith("HTTP/1.1 404 ", await AskAsync(client, "/admin/v1/nodes", host), StringComparison.Ordinal);
            Assert.StartsWith("HTTP/1.1 404 ", await AskAsync(admin, "/v1/gateways", host), StringComparison.Ordinal);
            Assert.StartsWith("HTTP/1.1 404 ", await AskAsync(admin, "/v1/ws", host), StringComparison.Ordinal);
        }

        Assert.StartsWith("HTTP/1.1 200 ", await AskAsync(client, "/v1/gateways", client.Authority), StringComparison.Ordinal);
        Assert.StartsWith("HTTP/1.1 401 ", await AskAsync(admin, "/admin/v1/nodes", admin.Authority), StringComparison.Ordinal);
    }

    [Fact]
    [Trait("abuse", "34")]
    public async Task A_stranger_cannot_tell_a_wrong_password_from_an_unknown_user()
    {
        var name = RunningSystem.NewName();
        using var api = new ImApi(System.Gateway);
        await api.RegisterAsync(name, "correct horse battery", cancellationToken: Cancel);
        var known = await Assert.ThrowsAsync<ImApiException>(() => api.LogInAsync(name, "wrong horse battery", cancellationToken: Cancel));
        var unknown = await Assert.ThrowsAsync<ImApiException>(() => api.LogInAsync(RunningSystem.NewName(), "wrong horse battery", cancellationToken: Cancel));
        Assert.Equal((401, Codes.BadCredentials, known.Message), (known.Status, known.Code, unknown.Message));
        var taken = await Assert.ThrowsAsync<ImApiException>(() => api.RegisterAsync(name.ToUpperInvariant(), "correct horse battery", cancellationToken: Cancel));
        Assert.Equal((409, Codes.UsernameTaken), (taken.Status, taken.Code));
    }

    [Fact]
    public async Task A_registered_user_logs_in_with_the_sdk_and_talks()
    {
        var name = RunningSystem.NewName();
        using var api = new ImApi(System.Gateway);
        var user = await api.RegisterAsync(name, "correct horse battery", "Somebody", Cancel);
        await using var client = await ImClient.LogInAsync(System.OtherGateway, name, "correct horse battery", new DeviceInfo("phone"), Cancel);
        Assert.Equal((user.UserId, "phone"), (client.UserId, client.DeviceId));
        var sent = await client.SendAsync(Target.ToUser(user.UserId), "to myself", cancellationToken: Cancel);
        Assert.Equal(1, sent.Seq);
        Assert.Equal("Somebody", (await client.Api.GetMeAsync(Cancel)).DisplayName);
    }

    private static async Task<string> AskAsync(Uri door, string path, string host)
    {
        await using var socket = await RawSocket.OpenAsync(door, Cancel);
        return await socket.AskAsync($"GET {path} HTTP/1.1\r\nHost: {host}\r\n\r\n", Cancel);
    }

    private static async Task IsProblemAsync(Uri door, HttpRequestMessage request, int status, string code)
    {
        using var http = new HttpClient { BaseAddress = door };
        using var response = await http.SendAsync(request, Cancel);
        var body = await response.Content.ReadAsStringAsync(Cancel);
        Assert.Equal((status, "application/problem+json"), ((int)response.StatusCode, response.Content.Headers.ContentType?.MediaType));
        using var problem = JsonDocument.Parse(body);
        Assert.Equal(code, problem.RootElement.GetProperty("code").GetString());
        Assert.Equal(status, problem.RootElement.GetProperty("status").GetInt32());
        Assert.DoesNotContain("Exception", body, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", body, StringComparison.Ordinal);
        Assert.Empty(response.Headers.Server);
    }
}
