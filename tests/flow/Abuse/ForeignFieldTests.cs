using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;
using Im.Client;
using Im.Flow.Tests.Systems;
using Im.Protocol;

namespace Im.Flow.Tests.Abuse;

/// <summary>Every body that a call takes, with a field that is the server's alone: refused as a whole, at any depth, so nothing can be assigned in passing.</summary>
public sealed class ForeignFieldTests(RunningSystems systems) : FlowTest(systems.StandaloneAsync)
{
    private static readonly string[] Foreign = ["isAdmin", "is_admin", "userId", "user_id", "seq", "createdAt", "sessionId", "$type"];

    /// <summary>Door, method, address, body, and where in the body the field is put besides the top. NAME, USER, GROUP and ID stand for real ones.</summary>
    public static TheoryData<bool, string, string, string, string?> Bodies { get; } = new()
    {
        { false, "POST", "v1/users", """{"username":"NAME","password":"correct horse battery","displayName":"N"}""", null },
        { false, "POST", "v1/sessions", """{"username":"NAME","password":"correct horse battery","device":{"id":"d"}}""", "device" },
        { false, "POST", "v1/me/password", """{"old":"correct horse battery","new":"another horse battery"}""", null },
        { false, "PATCH", "v1/me", """{"displayName":"N","bio":"b","avatarUrl":"https://example.org/a.png"}""", null },
        { false, "POST", "v1/conversations", """{"kind":"group","title":"t","members":[]}""", null },
        { false, "PATCH", "v1/conversations/GROUP", """{"title":"t"}""", null },
        { true, "POST", "admin/v1/users:batch", """{"users":[{"username":"NAME","displayName":"N"}]}""", "users" },
        { true, "POST", "admin/v1/users/USER/sessions", """{"device":{"id":"d"}}""", "device" },
        { true, "POST", "admin/v1/sessions:batch", """{"userIds":["USER"]}""", null },
        { true, "PATCH", "admin/v1/users/USER", """{"disabled":false}""", null },
        { true, "POST", "admin/v1/messages", """{"from":"USER","to":{"user":"USER"},"body":"b","id":"ID"}""", "to" },
    };

    [Theory]
    [MemberData(nameof(Bodies))]
    [Trait("abuse", "40")]
    [Trait("abuse", "45")]
    public async Task A_field_of_the_servers_own_is_refused(bool admin, string method, string path, string body, string? inner)
    {
        var user = await NewUserAsync();
        var session = await user.LogInAsync(Cancel);
        using var api = System.Api(session);
        var group = await api.CreateGroupAsync("g", [], Cancel);
        string Fill(string text) => text.Replace("NAME", RunningSystem.NewName(), StringComparison.Ordinal).Replace("USER", user.Id, StringComparison.Ordinal)
            .Replace("GROUP", group, StringComparison.Ordinal).Replace("ID", Guid.NewGuid().ToString("N"), StringComparison.Ordinal);

        // As it stands it is read and judged: it fails for what it says, if at all.
        var (plain, plainAnswer) = await AskAsync(admin, method, Fill(path), Fill(body), session);
        Assert.True(plain is >= 200 and < 300 or 401 or 403, $"{plain} {plainAnswer}");
        foreach (var field in Foreign)
        {
            foreach (var place in (string?[])[null, inner])
            {
                var faulty = JsonNode.Parse(Fill(body))!.AsObject();
                ObjectAt(faulty, place)[field] = "1";
                var (status, answer) = await AskAsync(admin, method, Fill(path), faulty.ToJsonString(), session);
                Assert.True(status == 400 && answer.Contains($"\"{Codes.Invalid}\"", StringComparison.Ordinal), $"{field} in {place ?? "the body"}: {status} {answer}");
            }
        }
    }

    [Fact]
    [Trait("abuse", "45")]
    public async Task A_login_makes_a_session_of_its_own_whatever_came_with_it()
    {
        var name = RunningSystem.NewName();
        using var api = new ImApi(System.Gateway);
        await api.RegisterAsync(name, "correct horse battery", cancellationToken: Cancel);
        var first = await api.LogInAsync(name, "correct horse battery", new DeviceInfo("phone"), Cancel);
        using var known = new ImApi(System.Gateway, first.SessionId);
        var second = await known.LogInAsync(name, "correct horse battery", new DeviceInfo("phone"), Cancel);
        Assert.NotEqual(first.SessionId, second.SessionId);
        // The device logged in again: what was proposed, or known before, is worth nothing.
        Assert.Equal(401, (await Assert.ThrowsAsync<ImApiException>(() => known.GetMeAsync(Cancel))).Status);
    }

    private static JsonObject ObjectAt(JsonObject body, string? place) => place is null
        ? body
        : body[place] is JsonArray many ? many[0]!.AsObject() : body[place]!.AsObject();

    private async Task<(int Status, string Answer)> AskAsync(bool admin, string method, string path, string body, ImSession session)
    {
        if (admin) return await System.Admin.AskAsync(new HttpMethod(method), path, body, Cancel);
        using var http = new HttpClient { BaseAddress = System.Gateway };
        using var request = new HttpRequestMessage(new HttpMethod(method), path) { Content = new StringContent(body, Encoding.UTF8, "application/json") };
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", session.SessionId);
        using var response = await http.SendAsync(request, Cancel);
        return ((int)response.StatusCode, await response.Content.ReadAsStringAsync(Cancel));
    }
}
