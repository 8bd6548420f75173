using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using System.Text.Json.Nodes;
using Im.Hosting.Docs;

namespace Im.Docs.Tests.OpenApi;

/// <summary>
/// The people and things of the documents' examples, alive: Alice is logged in, Bob has written to her and asked to be a contact, both are in a group; she has blocked Eve. Each has another name and
/// id than in the document, so that tests do not meet.
/// </summary>
internal sealed class Cast
{
    private static int _last;

    private readonly Dictionary<string, string> _real = [];
    private readonly RunningDoors _doors;
    private readonly string _suffix = $"{Interlocked.Increment(ref _last)}";
    private string _eve = "";

    private Cast(RunningDoors doors) => _doors = doors;

    public string AliceSession { get; private set; } = "";

    /// <param name="withPassword">Alice has registered herself, which costs two password hashes; otherwise she was brought in as the others.</param>
    public static async Task<Cast> GatherAsync(RunningDoors doors, bool withPassword, CancellationToken cancel)
    {
        var cast = new Cast(doors);
        foreach (var name in (string[])[Sample.AliceName, Sample.BobName, Sample.CarolName, "dora"]) cast._real[name] = name + cast._suffix;
        if (withPassword) await cast.RegisterAliceAsync(cancel);
        await cast.BringInAsync(cancel);
        if (withPassword) await cast.LogAliceInAsync(cancel);
        await cast.TalkAsync(cancel);
        return cast;
    }

    /// <summary>The text with what is real in the place of what is an example; other texts as they are.</summary>
    public string Real(string text) => _real.GetValueOrDefault(text, text);

    public JsonNode? Real(JsonNode? example) => example switch
    {
        JsonObject fields => new JsonObject(fields.Select(field => KeyValuePair.Create(field.Key, Real(field.Value)))),
        JsonArray entries => new JsonArray([.. entries.Select(Real)]),
        JsonValue value when value.GetValueKind() == JsonValueKind.String => JsonValue.Create(Real(value.GetValue<string>())),
        _ => example?.DeepClone(),
    };

    private async Task RegisterAliceAsync(CancellationToken cancel) =>
        await PostAsync(_doors.Clients, "v1/users", new { username = Real(Sample.AliceName), password = Sample.Password }, null, cancel);

    private async Task BringInAsync(CancellationToken cancel)
    {
        string[] names = [Sample.AliceName, Sample.BobName, Sample.CarolName], ids = [Sample.Alice, Sample.Bob, Sample.Carol];
        var asked = names.Select(Real).Append($"eve{_suffix}").Select(username => new { username });
        var users = await PostAsync(_doors.Operators, "admin/v1/users:batch", new { users = asked }, null, cancel);
        _eve = TextOf(users["items"]![ids.Length]!, "userId");
        for (var i = 0; i < ids.Length; i++) _real[ids[i]] = TextOf(users["items"]![i]!, "userId");
        AliceSession = TextOf(
            await PostAsync(_doors.Operators, $"admin/v1/users/{Real(Sample.Alice)}/sessions", new { device = new { id = Sample.Device } }, null, cancel), "sessionId");
    }

    private async Task LogAliceInAsync(CancellationToken cancel) => AliceSession = TextOf(
        await PostAsync(_doors.Clients, "v1/sessions", new { username = Real(Sample.AliceName), password = Sample.Password }, null, cancel), "sessionId");

    private async Task TalkAsync(CancellationToken cancel)
    {
        _real[Sample.SessionKey] = await SessionKeyAsync(cancel);
        var sent = await PostAsync(
            _doors.Operators,
            "admin/v1/messages",
            new { from = Real(Sample.Bob), to = new { user = Real(Sample.Alice) }, body = "hello", id = "first" },
            null,
            cancel);
        _real[Sample.Direct] = TextOf(sent, "conversationId");
        _real[Sample.Message] = TextOf(sent, "messageId");
        var group = await PostAsync(
            _doors.Clients, "v1/conversations", new { kind = "group", title = "Hiking", members = new[] { Real(Sample.Bob) } }, AliceSession, cancel);
        _real[Sample.Group] = TextOf(group, "conversationId");
        using var block = new HttpRequestMessage(HttpMethod.Put, $"v1/blocks/{_eve}");
        block.Headers.Authorization = new AuthenticationHeaderValue("Bearer", AliceSession);
        using var blocked = await _doors.Clients.SendAsync(block, cancel);
        Assert.Equal(204, (int)blocked.StatusCode);
        var bob = await PostAsync(_doors.Operators, $"admin/v1/users/{Real(Sample.Bob)}/sessions", new { }, null, cancel);
        await PostAsync(_doors.Clients, "v1/contacts", new { userId = Real(Sample.Alice) }, TextOf(bob, "sessionId"), cancel);
    }

    private async Task<string> SessionKeyAsync(CancellationToken cancel)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "v1/sessions");
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", AliceSession);
        return TextOf((await AnswerAsync(_doors.Clients, request, cancel))["items"]![0]!, "sessionKey");
    }

    private static async Task<JsonNode> PostAsync(HttpClient door, string path, object body, string? session, CancellationToken cancel)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = JsonContent.Create(body) };
        if (session is not null) request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", session);
        return await AnswerAsync(door, request, cancel);
    }

    private static async Task<JsonNode> AnswerAsync(HttpClient door, HttpRequestMessage request, CancellationToken cancel)
    {
        using var response = await door.SendAsync(request, cancel);
        var text = await response.Content.ReadAsStringAsync(cancel);
        Assert.True(response.IsSuccessStatusCode, $"{request.RequestUri}: {text}");
        return JsonNode.Parse(text)!;
    }

    private static string TextOf(JsonNode node, string field) => node[field]!.GetValue<string>();
}
