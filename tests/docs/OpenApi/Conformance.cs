using System.Net.Http.Headers;
using System.Net.WebSockets;
using System.Text;
using System.Text.Json.Nodes;
using Im.Hosting.Docs;

namespace Im.Docs.Tests.OpenApi;

/// <summary>The running doors answer as their documents say: each example request, and the same requests spoiled.</summary>
public sealed class Conformance(RunningDoors doors)
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public static TheoryData<string, string> All => Where(operation => operation.Responses.Keys.All(status => status != 101));

    public static TheoryData<string, string> Secured => Where(operation => operation.IsSecured);

    public static TheoryData<string, string> WithBody => Where(operation => operation.Body is not null);

    public static TheoryData<string, string> OfOneThing => Where(operation => operation.Responses.ContainsKey(404) && operation.Path.Contains('{', StringComparison.Ordinal));

    [Theory]
    [MemberData(nameof(All))]
    public async Task The_example_request_is_answered_as_documented(string document, string id)
    {
        var (operation, cast) = await BeginAsync(document, id);
        using var request = RequestOf(operation, cast);
        Assert.Equal(operation.Success, await AskAsync(document, operation, request));
    }

    [Theory]
    [MemberData(nameof(Secured))]
    public async Task Without_a_token_it_is_unauthorized_whatever_the_body_is(string document, string id)
    {
        var (operation, cast) = await BeginAsync(document, id);
        using var request = RequestOf(operation, cast);
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", "wrong");
        if (request.Content is not null) request.Content = Json("not json");
        Assert.Equal(401, await AskAsync(document, operation, request, response => Assert.Equal("Bearer", response.Headers.WwwAuthenticate.Single().Scheme)));
    }

    [Theory]
    [MemberData(nameof(WithBody))]
    public async Task A_spoiled_body_is_refused_and_names_no_value(string document, string id)
    {
        var (operation, cast) = await BeginAsync(document, id);
        var (field, _) = operation.Body!["example"]!.AsObject().First();
        string[] bodies =
        [
            "{", "[]", "\"hunter2-hunter2\"", """{"hunter2-hunter2":1}""", $$"""{"{{field}}":{"hunter2-hunter2":"hunter2-hunter2"} }""", $$"""{"{{field}}":[[["hunter2-hunter2"]]]}""",
        ];
        foreach (var body in bodies)
        {
            using var request = RequestOf(operation, cast);
            request.Content = Json(body);
            Assert.Equal(400, await AskAsync(document, operation, request));
        }

        using var text = RequestOf(operation, cast);
        text.Content = new StringContent(operation.Body!["example"]!.ToJsonString(), Encoding.UTF8, "text/plain");
        Assert.Equal(415, await AskAsync(document, operation, text));
    }

    [Theory]
    [MemberData(nameof(OfOneThing))]
    public async Task A_thing_that_does_not_exist_is_not_found(string document, string id)
    {
        var (operation, cast) = await BeginAsync(document, id);
        using var request = RequestOf(operation, cast, _ => "0");
        Assert.Equal(404, await AskAsync(document, operation, request));
    }

    [Fact]
    public async Task The_socket_opens_as_documented()
    {
        var connect = Contract.Kept("clients").Operation("connect");
        using var request = new HttpRequestMessage(HttpMethod.Get, connect.Path);
        Assert.Equal(400, await AskAsync("clients", connect, request));
        using var socket = new ClientWebSocket();
        socket.Options.AddSubProtocol("im.v1.json");
        await socket.ConnectAsync(new UriBuilder(doors.Gateway) { Scheme = "ws", Path = connect.Path }.Uri, Cancel);
        Assert.Equal(WebSocketState.Open, socket.State);
        using var foreign = new ClientWebSocket();
        foreign.Options.AddSubProtocol("im.v1.json");
        foreign.Options.SetRequestHeader("Origin", "https://evil.example");
        foreign.Options.CollectHttpResponseDetails = true;
        await Assert.ThrowsAsync<WebSocketException>(() => foreign.ConnectAsync(new UriBuilder(doors.Gateway) { Scheme = "ws", Path = connect.Path }.Uri, Cancel));
        Assert.Contains((int)foreign.HttpStatusCode, connect.Responses.Keys);
    }

    private static TheoryData<string, string> Where(Func<ApiOperation, bool> which) => new(
        Contract.Names.SelectMany(name => Contract.Kept(name).Operations.Where(which).Select(operation => (name, operation.Id))));

    private async Task<(ApiOperation Operation, Cast Cast)> BeginAsync(string document, string id)
    {
        var operation = Contract.Kept(document).Operation(id);
        var withPassword = operation.Body?["example"]?.ToJsonString().Contains(Sample.Password, StringComparison.Ordinal) == true;
        return (operation, await Cast.GatherAsync(doors, withPassword, Cancel));
    }

    private static HttpRequestMessage RequestOf(ApiOperation operation, Cast cast, Func<string, string>? inPath = null)
    {
        var path = operation.Path;
        var query = new List<string>();
        foreach (var parameter in operation.Parameters.Where(parameter => parameter["example"] is not null))
        {
            var name = parameter["name"]!.GetValue<string>();
            var value = cast.Real(parameter["example"]!.ToString());
            if (parameter["in"]!.GetValue<string>() == "path") path = path.Replace($"{{{name}}}", inPath?.Invoke(value) ?? value, StringComparison.Ordinal);
            else query.Add($"{name}={Uri.EscapeDataString(value)}");
        }

        var request = new HttpRequestMessage(new HttpMethod(operation.Method), query.Count == 0 ? path : $"{path}?{string.Join('&', query)}");
        if (operation.Body?["example"] is { } body) request.Content = Json(cast.Real(body)!.ToJsonString());
        if (operation.IsSecured && !operation.Path.StartsWith("/admin/", StringComparison.Ordinal))
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", cast.AliceSession);
        return request;
    }

    /// <summary>Answers with the status of what came, after everything about it was compared with the document.</summary>
    private async Task<int> AskAsync(string document, ApiOperation operation, HttpRequestMessage request, Action<HttpResponseMessage>? more = null)
    {
        using var response = await doors.Door(document).SendAsync(request, Cancel);
        var body = await response.Content.ReadAsStringAsync(Cancel);
        var faults = operation.FaultsOf((int)response.StatusCode, response.Content.Headers.ContentType?.MediaType, body).ToList();
        Assert.True(faults.Count == 0, $"{string.Join('\n', faults)}\n{body}");
        Assert.DoesNotContain("hunter2-hunter2", body, StringComparison.Ordinal);
        if ((int)response.StatusCode >= 400) Assert.Equal((int)response.StatusCode, JsonNode.Parse(body)!["status"]!.GetValue<int>());
        more?.Invoke(response);
        return (int)response.StatusCode;
    }

    private static StringContent Json(string body) => new(body, Encoding.UTF8, "application/json");
}
