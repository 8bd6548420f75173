using System.Net.Http.Json;
using System.Net.WebSockets;
using System.Text;
using System.Text.Json.Nodes;

namespace Im.Docs.Tests.AsyncApi;

/// <summary>What a running gateway says is what docs/asyncapi.yaml says; the examples of the document are what is said to it.</summary>
public sealed class LiveConversation(RunningDoors doors)
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    private readonly List<JsonNode> _heard = [];

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Every_frame_of_a_conversation_is_a_documented_one()
    {
        var name = Guid.NewGuid().ToString("N")[..12];
        var ids = await UsersAsync($"a{name}", $"b{name}");
        using var bob = await EnterAsync(ids[1]);
        using var alice = await EnterAsync(ids[0]);
        await SayAsync(alice, $$"""[{"t":"watch","users":["{{ids[1]}}"]},{"t":"status","status":"busy"},{"t":"ping"}]""");
        await HearAsync(alice, "presence", "pong");
        await SayAsync(alice, $$"""{"t":"send","id":"one","to":{"user":"{{ids[1]}}"},"body":"hello"}""");
        var accepted = (await HearAsync(alice, "accepted"))[^1];
        var message = (await HearAsync(bob, "message"))[^1];
        Assert.Equal(accepted["mid"]!.GetValue<string>(), message["mid"]!.GetValue<string>());
        await SayAsync(bob, $$"""[{"t":"ack","c":"{{message["c"]}}","seq":1},{"t":"read","c":"{{message["c"]}}","seq":1},{"t":"typing","to":{"user":"{{ids[0]}}"} }]""");
        var session = await SessionAsync(ids[0]);
        await PostAsync(session, "v1/conversations", new { kind = "group", title = "Hiking", members = new[] { ids[1] } });
        await PostAsync(session, "v1/contacts", new { userId = ids[1] });
        await HearAsync(bob, "conversation", "contact");
        await SayAsync(alice, """[{"t":"send","id":"two","to":{"conversation":"g1"},"body":"x"},{"t":"nonsense"}]""");
        await HearAsync(alice, "rejected", "error");
        await SayAsync(alice, """{"t":"bye"}""");
        await EndAsync(alice);
        await SayAsync(bob, """{"t":"hello","session":"again"}""");
        await EndAsync(bob);

        Assert.All(_heard, frame => Assert.Empty(SocketContract.FaultsOf("server", frame)));
        var kinds = _heard.Select(frame => frame["t"]!.GetValue<string>()).ToHashSet();
        Assert.Superset(new HashSet<string> { "welcome", "synced", "accepted", "rejected", "message", "conversation", "contact", "presence", "pong", "error", "bye" }, kinds);
    }

    private async Task<string[]> UsersAsync(params string[] names)
    {
        using var answer = await doors.Operators.PostAsJsonAsync("admin/v1/users:batch", new { users = names.Select(username => new { username }) }, Cancel);
        return [.. (await ReadAsync(answer))["items"]!.AsArray().Select(item => item!["userId"]!.GetValue<string>())];
    }

    private async Task<string> SessionAsync(string user)
    {
        using var answer = await doors.Operators.PostAsJsonAsync($"admin/v1/users/{user}/sessions", new { }, Cancel);
        return (await ReadAsync(answer))["sessionId"]!.GetValue<string>();
    }

    private async Task PostAsync(string session, string path, object body)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = JsonContent.Create(body) };
        request.Headers.Authorization = new("Bearer", session);
        using var answer = await doors.Clients.SendAsync(request, Cancel);
        await ReadAsync(answer);
    }

    private static async Task<JsonNode> ReadAsync(HttpResponseMessage answer)
    {
        var text = await answer.Content.ReadAsStringAsync(Cancel);
        Assert.True(answer.IsSuccessStatusCode, text);
        return JsonNode.Parse(text)!;
    }

    private async Task<ClientWebSocket> EnterAsync(string user)
    {
        var socket = new ClientWebSocket();
        socket.Options.AddSubProtocol("im.v1.json");
        await socket.ConnectAsync(new UriBuilder(doors.Gateway) { Scheme = "ws", Path = "/v1/ws" }.Uri, Cancel);
        await SayAsync(socket, $$"""{"t":"hello","session":"{{await SessionAsync(user)}}"}""");
        await HearAsync(socket, "welcome", "synced");
        return socket;
    }

    /// <summary>What is said here has to be documented as well, except where the test is about nonsense.</summary>
    private static Task SayAsync(ClientWebSocket socket, string frames)
    {
        var said = JsonNode.Parse(frames)!;
        foreach (var frame in said is JsonArray many ? many.Select(one => one!) : [said])
        {
            if (frame["t"]!.GetValue<string>() != "nonsense") Assert.Empty(SocketContract.FaultsOf("client", frame));
        }

        return socket.SendAsync(Encoding.UTF8.GetBytes(frames), WebSocketMessageType.Text, true, Cancel);
    }

    /// <summary>Listens until each of these kinds has been heard; answers with all frames up to there.</summary>
    private async Task<List<JsonNode>> HearAsync(ClientWebSocket socket, params string[] kinds)
    {
        var missing = kinds.ToHashSet();
        var heard = new List<JsonNode>();
        while (missing.Count > 0)
        {
            var next = await NextAsync(socket) ?? throw new InvalidOperationException($"closed before {string.Join(", ", missing)}");
            heard.AddRange(next);
            missing.ExceptWith(next.Select(frame => frame["t"]!.GetValue<string>()));
        }

        _heard.AddRange(heard);
        return [.. heard.Where(frame => kinds.Contains(frame["t"]!.GetValue<string>()))];
    }

    private async Task EndAsync(ClientWebSocket socket)
    {
        while (await NextAsync(socket) is { } frames) _heard.AddRange(frames);
        Assert.Contains($"{(int)socket.CloseStatus!}", SocketContract.Root["channels"]!["socket"]!["x-close-codes"]!.AsObject().Select(code => code.Key));
    }

    private static async Task<List<JsonNode>?> NextAsync(ClientWebSocket socket)
    {
        using var end = CancellationTokenSource.CreateLinkedTokenSource(Cancel);
        end.CancelAfter(Limit);
        var bytes = new List<byte>();
        var buffer = new byte[4096];
        while (true)
        {
            var part = await socket.ReceiveAsync(buffer, end.Token);
            if (part.MessageType == WebSocketMessageType.Close) return null;
            bytes.AddRange(buffer.AsSpan(0, part.Count));
            if (!part.EndOfMessage) continue;
            var said = JsonNode.Parse(bytes.ToArray())!;
            return said is JsonArray many ? [.. many.Select(one => one!)] : [said];
        }
    }
}
