using System.Buffers;
using System.Net.WebSockets;
using Im.Bench.Load;
using Im.Bench.Results;
using Im.Protocol;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Im.Bench.Tests;

/// <summary>What the load tool makes of the answers to one send. The server is the test.</summary>
public sealed class AnswersTests
{
    private readonly Tally _tally = new(followsEach: false);

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task An_answer_that_is_told_again_with_the_same_place_doubles_nothing()
    {
        await RunAsync(id => [Accepted(id, 5), Accepted(id, 5)]);
        Assert.Equal((1, 1, 0), (_tally.Accepted, _tally.Repeated, _tally.Doubled));
    }

    [Fact]
    public async Task An_answer_with_another_place_is_a_message_that_exists_twice()
    {
        await RunAsync(id => [Accepted(id, 5), Accepted(id, 6)]);
        Assert.Equal((1, 0, 1), (_tally.Accepted, _tally.Repeated, _tally.Doubled));
    }

    [Fact]
    public async Task What_was_refused_and_is_accepted_later_may_be_told_again_too()
    {
        await RunAsync(id => [Refused(id), Accepted(id, 5), Accepted(id, 5)]);
        Assert.Equal((0, 1, 1, 0), (_tally.Accepted, _tally.Late, _tally.Repeated, _tally.Doubled));
    }

    [Fact]
    public async Task What_is_refused_after_it_was_accepted_was_answered_twice()
    {
        await RunAsync(id => [Accepted(id, 5), Refused(id)]);
        Assert.Equal((1, 1), (_tally.Accepted, _tally.Doubled));
    }

    private static ServerFrame.Accepted Accepted(string id, long seq) => new ServerFrame.Accepted(id, "d1-2", seq, $"d1-2.{seq}", 0);

    private static ServerFrame.Rejected Refused(string id) => new ServerFrame.Rejected(id, Codes.Unavailable, true, 1000);

    /// <summary>One client sends one message, gets these answers, and is through with them.</summary>
    private async Task RunAsync(Func<string, ServerFrame[]> answers)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        await using var app = builder.Build();
        app.UseWebSockets();
        app.MapGet("/v1/ws", http => ServeAsync(http, answers));
        await app.StartAsync(Cancel);
        var address = app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single();
        await using (var client = new LoadClient("c1", [new Goal(Target.ToUser("2"), 0)], new BenchOptions { Format = FrameFormat.Json, Rate = 1 }, _tally))
        {
            await client.ConnectAsync(new Uri(address), "session", Cancel);
            Assert.True(client.TrySend(1));
            // Closed by the server behind its last answer, so all of them were read.
            await client.Ended.WaitAsync(TimeSpan.FromSeconds(30), Cancel);
        }

        await app.StopAsync(Cancel);
    }

    private static async Task ServeAsync(HttpContext http, Func<string, ServerFrame[]> answers)
    {
        using var socket = await http.WebSockets.AcceptWebSocketAsync(FrameFormat.Json.Subprotocol);
        var buffer = new byte[4096];
        while (true)
        {
            var received = await socket.ReceiveAsync(buffer.AsMemory(), Cancel);
            if (received.MessageType == WebSocketMessageType.Close) return;
            var frames = new List<ParsedFrame>();
            FrameFormat.Json.Read(buffer.AsSpan(0, received.Count), frames);
            foreach (var frame in frames)
            {
                if (frame.Frame is ClientFrame.Hello) await SayAsync(socket, new ServerFrame.Synced());
                if (frame.Frame is not ClientFrame.Send send) continue;
                foreach (var answer in answers(send.Id)) await SayAsync(socket, answer);
                await socket.CloseOutputAsync(WebSocketCloseStatus.NormalClosure, null, Cancel);
            }
        }
    }

    private static async Task SayAsync(WebSocket socket, ServerFrame frame)
    {
        var bytes = new ArrayBufferWriter<byte>();
        FrameFormat.Json.Write(bytes, frame);
        await socket.SendAsync(bytes.WrittenMemory, WebSocketMessageType.Text, true, Cancel);
    }
}
