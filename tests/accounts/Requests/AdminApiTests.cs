using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using Im.Accounts.Tests.Hosts;
using Im.Contracts;
using Im.Hosting.Routes;
using Microsoft.Extensions.DependencyInjection;

namespace Im.Accounts.Tests.Requests;

public sealed class AdminApiTests : RequestTests
{
    private const string WebSocket = "ws://127.0.0.1:18080/v1/ws";

    public static TheoryData<string?> WrongKeys =>
        new((string?)null, "", "x", AccountsHost.AdminKey + "x", AccountsHost.AdminKey[..^1], AccountsHost.AdminKey.Replace('0', 'O'));

    [Theory]
    [MemberData(nameof(WrongKeys))]
    public async Task Without_the_key_every_call_is_refused_before_its_body_is_read(string? key)
    {
        Host.Admin.DefaultRequestHeaders.Remove("Authorization");
        if (key is not null) Host.Admin.DefaultRequestHeaders.TryAddWithoutValidation("Authorization", "Bearer " + key);

        await RefusedAsync(await Host.Admin.GetAsync("/admin/v1/nodes", Cancel), HttpStatusCode.Unauthorized, "unauthorized");
        await RefusedAsync(await PostAsync("/admin/v1/users:batch", "not json"), HttpStatusCode.Unauthorized, "unauthorized");
        await RefusedAsync(await PostAsync("/admin/v1/sessions:batch", """{"userIds":[]}"""), HttpStatusCode.Unauthorized, "unauthorized");
        Assert.Equal(HttpStatusCode.OK, (await Host.Admin.GetAsync("/healthz/live", Cancel)).StatusCode);
    }

    [Fact]
    public async Task A_product_brings_its_users_in_and_logs_them_in()
    {
        var users = await JsonAsync(await PostAsync("/admin/v1/users:batch", """{"users":[{"username":"ann","displayName":"Ann"},{"username":"bob"}]}"""));
        var again = await JsonAsync(await PostAsync("/admin/v1/users:batch", """{"users":[{"username":"BOB"},{"username":"ann"}]}"""));
        var (ann, bob) = (UserId(users, 0), UserId(users, 1));
        Assert.Equal([bob, ann], [UserId(again, 0), UserId(again, 1)]);

        var one = await Host.Admin.PostAsync($"/admin/v1/users/{ann}/sessions", null, Cancel);
        Assert.Equal(HttpStatusCode.Created, one.StatusCode);
        var session = await JsonAsync(one);
        Assert.Equal((ann, WebSocket), (session.GetProperty("userId").GetString(), session.GetProperty("gateway").GetString()));
        Assert.Equal(43, session.GetProperty("sessionId").GetString()!.Length);
        Assert.True(session.GetProperty("expiresAt").GetInt64() > DateTimeOffset.UtcNow.ToUnixTimeMilliseconds());

        var device = await JsonAsync(await PostAsync($"/admin/v1/users/{ann}/sessions", """{"device":{"id":"phone","name":"N","platform":"P"}}"""));
        Assert.Equal("phone", device.GetProperty("deviceId").GetString());

        var many = (await JsonAsync(await PostAsync("/admin/v1/sessions:batch", $$"""{"userIds":["{{bob}}","{{ann}}"]}"""))).GetProperty("items");
        Assert.Equal([bob, ann], many.EnumerateArray().Select(item => item.GetProperty("userId").GetString()));
        Assert.All(many.EnumerateArray(), item => Assert.Equal(WebSocket, item.GetProperty("gateway").GetString()));
    }

    [Fact]
    public async Task Sessions_are_listed_without_their_secret_and_ended_all_at_once()
    {
        var user = await RegisteredAsync("alice");
        var session = (await LogInAsync("alice", device: new("phone", "N", "P"))).Answer!.Session;
        var path = $"/admin/v1/users/{user}/sessions";

        var text = await Host.Admin.GetStringAsync(path, Cancel);
        Assert.DoesNotContain(session.SessionId, text, StringComparison.Ordinal);
        var item = JsonDocument.Parse(text).RootElement.GetProperty("items")[0];
        Assert.Equal((Ids.Text(session.SessionKey), "phone"), (item.GetProperty("sessionKey").GetString(), item.GetProperty("deviceId").GetString()));

        Assert.Equal(HttpStatusCode.NoContent, (await Host.Admin.DeleteAsync(path, Cancel)).StatusCode);
        Assert.Equal(session.SessionKey, await Host.Neighbours.Ended.ReadAsync(Cancel));
        Assert.Empty(await SessionsAsync(user));
    }

    [Fact]
    public async Task A_disabled_user_is_out_and_cannot_come_in_until_enabled()
    {
        var user = await RegisteredAsync("alice");
        await LogInAsync("alice");

        var disabled = await PatchAsync(user, """{"disabled":true}""");
        Assert.Equal(HttpStatusCode.OK, disabled.StatusCode);
        Assert.Empty(await SessionsAsync(user));
        Assert.Equal("bad_credentials", (await LogInAsync("alice")).Refused!.Code);
        await RefusedAsync(await Host.Admin.PostAsync($"/admin/v1/users/{user}/sessions", null, Cancel), HttpStatusCode.Forbidden, "forbidden");

        var found = await JsonAsync(await Host.Admin.GetAsync("/admin/v1/users?query=ALI&limit=5", Cancel));
        Assert.True(found.GetProperty("items")[0].GetProperty("disabled").GetBoolean());

        await PatchAsync(user, """{"disabled":false}""");
        Assert.True((await LogInAsync("alice")).IsOk);
    }

    [Fact]
    public async Task Presence_names_the_gateway_of_each_connected_device()
    {
        var user = await RegisteredAsync("alice");
        await LogInAsync("alice", device: new("phone", null, null));
        var before = DateTimeOffset.UtcNow.ToUnixTimeMilliseconds();
        var key = await DeviceKeyAsync();
        var connection = Ids.Next(TimeProvider.System);
        var boot = Host.Services.GetRequiredService<Im.Hosting.NodeIdentity>().Boot;
        await Host.Services.GetRequiredService<IRouteTable>().RegisterAsync(user, new Route(key, boot, connection, 1), Cancel);

        var presence = await JsonAsync(await Host.Admin.GetAsync($"/admin/v1/users/{user}/presence", Cancel));

        Assert.Equal("online", presence.GetProperty("status").GetString());
        var device = presence.GetProperty("devices")[0];
        Assert.Equal(("phone", NeighbourModule.GatewayUrl), (device.GetProperty("deviceId").GetString(), device.GetProperty("gateway").GetString()));
        Assert.InRange(device.GetProperty("since").GetInt64(), before - 1000, before + 60_000);
    }

    [Fact]
    public async Task The_node_board_has_an_item_for_each_service()
    {
        var items = (await JsonAsync(await Host.Admin.GetAsync("/admin/v1/nodes", Cancel))).GetProperty("items").EnumerateArray().ToList();

        Assert.Equal(["admin", "gateway", "login", "profile", "session"], items.Select(item => item.GetProperty("service").GetString()).Order());
        Assert.All(items, item => Assert.True(item.GetProperty("lastSeenAt").GetInt64() > 0));
        Assert.Equal("gateway", Assert.Single(items, item => item.TryGetProperty("connections", out _)).GetProperty("service").GetString());
    }

    [Theory]
    [InlineData("users:batch", "")]
    [InlineData("users:batch", "null")]
    [InlineData("users:batch", "[]")]
    [InlineData("users:batch", "{}")]
    [InlineData("users:batch", """{"users":null}""")]
    [InlineData("users:batch", """{"users":[null]}""")]
    [InlineData("users:batch", """{"users":[{}]}""")]
    [InlineData("users:batch", """{"users":[{"username":7}]}""")]
    [InlineData("users:batch", """{"users":[{"username":"ann","password":"x"}]}""")]
    [InlineData("users:batch", """{"users":[{"username":"ann","userId":"1"}]}""")]
    [InlineData("users:batch", """{"users":[{"Username":"ann"}]}""")]
    [InlineData("users:batch", """{"users":[{"username":"ann","username":"bob"}]}""")]
    [InlineData("users:batch", """{"users":[],"dryRun":true}""")]
    [InlineData("users:batch", """{"users":[{"username":"ann"},{"username":"a d m i n"}]}""")]
    [InlineData("users:batch", """{"users":[{"username":"ann"}]} trailing""")]
    [InlineData("sessions:batch", "{}")]
    [InlineData("sessions:batch", """{"userIds":"1"}""")]
    [InlineData("sessions:batch", """{"userIds":[1]}""")]
    public async Task A_body_that_is_not_what_the_call_takes_is_invalid_and_changes_nothing(string call, string body)
    {
        await RefusedAsync(await PostAsync($"/admin/v1/{call}", body), HttpStatusCode.BadRequest, "invalid");

        var found = await JsonAsync(await Host.Admin.GetAsync("/admin/v1/users", Cancel));
        Assert.Equal("system", Assert.Single(found.GetProperty("items").EnumerateArray()).GetProperty("username").GetString());
    }

    [Fact]
    [Trait("abuse", "57")]
    public async Task A_batch_of_more_than_a_thousand_is_invalid()
    {
        var users = Enumerable.Range(0, 1001).Select(i => new { username = $"user-{i}" });
        await RefusedAsync(await Host.Admin.PostAsJsonAsync("/admin/v1/users:batch", new { users }, Cancel), HttpStatusCode.BadRequest, "invalid");
        var userIds = Enumerable.Range(1, 1001).Select(i => $"{i}");
        await RefusedAsync(await Host.Admin.PostAsJsonAsync("/admin/v1/sessions:batch", new { userIds }, Cancel), HttpStatusCode.BadRequest, "invalid");
    }

    [Fact]
    public async Task A_thousand_users_and_their_sessions_come_in_with_two_calls()
    {
        var users = Enumerable.Range(0, 1000).Select(i => new { username = $"user-{i}" });
        var items = (await JsonAsync(await Host.Admin.PostAsJsonAsync("/admin/v1/users:batch", new { users }, Cancel))).GetProperty("items");
        var userIds = items.EnumerateArray().Select(item => item.GetProperty("userId").GetString()).ToList();
        var sessions = (await JsonAsync(await Host.Admin.PostAsJsonAsync("/admin/v1/sessions:batch", new { userIds }, Cancel))).GetProperty("items");

        Assert.Equal(userIds, sessions.EnumerateArray().Select(item => item.GetProperty("userId").GetString()));
    }

    [Theory]
    [InlineData("12345")]
    [InlineData("0")]
    [InlineData("-1")]
    [InlineData("abc")]
    [InlineData("99999999999999999999")]
    public async Task A_user_who_does_not_exist_is_not_found(string user)
    {
        await RefusedAsync(await Host.Admin.GetAsync($"/admin/v1/users/{user}/sessions", Cancel), HttpStatusCode.NotFound, "not_found");
        await RefusedAsync(await Host.Admin.DeleteAsync($"/admin/v1/users/{user}/sessions", Cancel), HttpStatusCode.NotFound, "not_found");
        await RefusedAsync(await PostAsync($"/admin/v1/users/{user}/sessions", "{}"), HttpStatusCode.NotFound, "not_found");
        await RefusedAsync(await Host.Admin.GetAsync($"/admin/v1/users/{user}/presence", Cancel), HttpStatusCode.NotFound, "not_found");
        await RefusedAsync(await PostAsync("/admin/v1/sessions:batch", $$"""{"userIds":["{{user}}"]}"""), HttpStatusCode.NotFound, "not_found");
    }

    [Fact]
    public async Task Unknown_addresses_methods_types_and_parameters_are_problems_too()
    {
        await RefusedAsync(await Host.Admin.GetAsync("/admin/v1/nothing", Cancel), HttpStatusCode.NotFound, "not_found");
        await RefusedAsync(await Host.Admin.DeleteAsync("/admin/v1/nodes", Cancel), HttpStatusCode.MethodNotAllowed, "invalid");
        await RefusedAsync(await Host.Admin.GetAsync("/admin/v1/users?limit=many", Cancel), HttpStatusCode.BadRequest, "invalid");
        await RefusedAsync(await Host.Admin.GetAsync("/admin/v1/users?limit=1001", Cancel), HttpStatusCode.BadRequest, "invalid");
        await RefusedAsync(await Host.Admin.GetAsync("/admin/v1/users?query=%00", Cancel), HttpStatusCode.BadRequest, "invalid");
        await RefusedAsync(await PatchAsync(Ids.SystemUser, "{}"), HttpStatusCode.BadRequest, "invalid");
        await RefusedAsync(await PatchAsync(Ids.SystemUser, """{"disabled":true}"""), HttpStatusCode.Forbidden, "forbidden");
        await RefusedAsync(await PostAsync($"/admin/v1/users/{Ids.SystemUser}/sessions", "{}"), HttpStatusCode.Forbidden, "forbidden");
        using var text = new StringContent("""{"users":[]}""", Encoding.UTF8, "text/plain");
        await RefusedAsync(await Host.Admin.PostAsync("/admin/v1/users:batch", text, Cancel), HttpStatusCode.UnsupportedMediaType, "invalid");
    }

    [Fact]
    public async Task A_body_of_more_than_a_mebibyte_is_too_big() => await RefusedAsync(
        await PostAsync("/admin/v1/users:batch", "{\"users\":[" + new string(' ', 1024 * 1024) + "]}"), HttpStatusCode.RequestEntityTooLarge, "too_big");

    [Fact]
    public async Task A_faulty_request_leaves_no_stack_in_the_log()
    {
        await PostAsync("/admin/v1/users:batch", "not json");
        await Host.Admin.GetAsync("/admin/v1/users?limit=many", Cancel);

        var shown = Host.Neighbours.Log.Where(line => !line.StartsWith("Debug ", StringComparison.Ordinal) && !line.StartsWith("Trace ", StringComparison.Ordinal));
        Assert.DoesNotContain(shown, line => line.Contains("   at ", StringComparison.Ordinal));
    }

    private async Task<long> DeviceKeyAsync()
    {
        await using var connection = await Host.Database.OpenAsync(Cancel);
        return await Dapper.SqlMapper.ExecuteScalarAsync<long>(connection, "SELECT device_key FROM devices");
    }

    private async Task<HttpResponseMessage> PostAsync(string path, string body)
    {
        using var content = new StringContent(body, Encoding.UTF8, "application/json");
        return await Host.Admin.PostAsync(path, content, Cancel);
    }

    private async Task<HttpResponseMessage> PatchAsync(long user, string body)
    {
        using var content = new StringContent(body, Encoding.UTF8, "application/json");
        return await Host.Admin.PatchAsync($"/admin/v1/users/{user}", content, Cancel);
    }

    private static string UserId(JsonElement answer, int place) => answer.GetProperty("items")[place].GetProperty("userId").GetString()!;

    private static async Task<JsonElement> JsonAsync(HttpResponseMessage response)
    {
        var text = await response.Content.ReadAsStringAsync(Cancel);
        Assert.True(response.IsSuccessStatusCode, $"{response.StatusCode} {text}");
        return JsonDocument.Parse(text).RootElement;
    }

    private static async Task RefusedAsync(HttpResponseMessage response, HttpStatusCode status, string code)
    {
        var text = await response.Content.ReadAsStringAsync(Cancel);
        Assert.True(status == response.StatusCode, $"{response.StatusCode} {text}");
        Assert.Equal("application/problem+json", response.Content.Headers.ContentType?.MediaType);
        Assert.Equal(code, JsonDocument.Parse(text).RootElement.GetProperty("code").GetString());
        Assert.DoesNotContain("   at ", text, StringComparison.Ordinal);
    }
}
