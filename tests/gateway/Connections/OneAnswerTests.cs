using System.Net.WebSockets;
using System.Text;
using System.Text.Json;
using Im.Contracts;
using Im.Contracts.Lanes;
using Im.Gateway.Connections;
using Im.Gateway.Tests.Presence;
using Im.Protocol;

namespace Im.Gateway.Tests.Connections;

/// <summary>The true answer that comes in the moment in which a send is given up. The message service is the test: nobody else answers.</summary>
public sealed class OneAnswerTests
{
    private const int Sends = 1_000;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_send_that_is_accepted_is_not_refused_behind_that()
    {
        await using var host = await GatewayHost.StartAsync();
        var (client, connection, conversation) = await SentAsync(host);
        using var disposed = client;

        AtOnce(
            connection,
            nr => connection.Refuse($"m{nr}", Codes.Unavailable, 1000),
            nr => connection.Accept(new Delivery(conversation, nr, conversation.High, $"m{nr}", null, "text"u8.ToArray(), 1, connection.Number, []), null, 1));
        connection.Wake();

        var answers = await AnswersAsync(client, frame => frame.Id == $"m{Sends}" && frame.Type == "accepted");
        Assert.Equal(Sends, answers.Count(answer => answer.Type == "accepted"));
        // A refusal may come first, for then nobody knew better.
        Assert.All(answers.GroupBy(answer => answer.Id), own => Assert.Equal("accepted", own.Last().Type));
    }

    [Fact]
    public async Task A_send_is_refused_once()
    {
        await using var host = await GatewayHost.StartAsync();
        var (client, connection, conversation) = await SentAsync(host);
        using var disposed = client;

        AtOnce(
            connection,
            nr => connection.Refuse($"m{nr}", Codes.Unavailable, 1000),
            nr => connection.Answer(new Answer(connection.Number, $"m{nr}", conversation, 0, 0, Codes.NotFound)));
        connection.Answer(new Answer(connection.Number, "last", conversation, 0, 0, Codes.NotFound));
        connection.Wake();

        var answers = await AnswersAsync(client, frame => frame.Id == "last");
        Assert.Equal(Enumerable.Range(1, Sends).Select(nr => $"m{nr}").Append("last").Order(), answers.Select(answer => answer.Id).Order());
    }

    /// <summary>A connection with sends that nobody answered.</summary>
    private static async Task<(ClientWebSocket Client, ClientConnection Connection, ConversationId Conversation)> SentAsync(GatewayHost host)
    {
        var users = await host.UsersAsync("ann", "bob");
        var client = await host.OpenAsync(users[0]);
        await AnswersAsync(client, frame => frame.Type == "synced");
        for (var nr = 1; nr <= Sends; nr++) await SendAsync(client, $$"""{"t":"send","id":"m{{nr}}","to":{"user":"{{users[1]}}"},"body":"text"}""");
        await SendAsync(client, """{"t":"ping"}""");
        await AnswersAsync(client, frame => frame.Type == "pong");
        return (client, host.ConnectionOf(users[0]), ConversationId.Direct(users[0], users[1]));
    }

    private static Task SendAsync(ClientWebSocket client, string frame) => client.SendAsync(Encoding.UTF8.GetBytes(frame), WebSocketMessageType.Text, true, Cancel);

    /// <summary>Others ask for the lock of the connection all the while: whoever lets go of it between two steps does not get it back at once.</summary>
    private static void AtOnce(ClientConnection connection, Action<int> one, Action<int> other)
    {
        using var together = new Barrier(2);
        var done = false;
        Thread[] others = [.. Enumerable.Range(0, 2).Select(_ => new Thread(Ask))];
        Thread[] two = [new(() => Each(one)), new(() => Each(other))];
        foreach (var thread in others.Concat(two)) thread.Start();
        foreach (var thread in two) thread.Join();
        Volatile.Write(ref done, true);
        foreach (var thread in others) thread.Join();

        void Ask()
        {
            while (!Volatile.Read(ref done)) _ = connection.IsFull;
        }

        void Each(Action<int> act)
        {
            for (var nr = 1; nr <= Sends; nr++)
            {
                together.SignalAndWait(Cancel);
                act(nr);
            }
        }
    }

    /// <summary>What answers sends, up to and with the frame that is the last.</summary>
    private static async Task<List<(string Type, string Id)>> AnswersAsync(ClientWebSocket client, Func<(string Type, string Id), bool> isLast)
    {
        var answers = new List<(string Type, string Id)>();
        var buffer = new byte[1 << 20];
        while (true)
        {
            var length = 0;
            ValueWebSocketReceiveResult received;
            do
            {
                received = await client.ReceiveAsync(buffer.AsMemory(length), Cancel).AsTask().WaitAsync(TimeSpan.FromSeconds(30), Cancel);
                length += received.Count;
            }
            while (!received.EndOfMessage);
            using var message = JsonDocument.Parse(buffer.AsMemory(0, length));
            var frames = message.RootElement.ValueKind == JsonValueKind.Array ? [.. message.RootElement.EnumerateArray()] : (JsonElement[])[message.RootElement];
            foreach (var frame in frames)
            {
                var answer = (Type: frame.GetProperty("t").GetString()!, Id: frame.TryGetProperty("id", out var id) ? id.GetString()! : "");
                if (answer.Type is "accepted" or "rejected") answers.Add(answer);
                if (isLast(answer)) return answers;
            }
        }
    }
}
