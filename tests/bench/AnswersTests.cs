using Im.Bench.Load;
using Im.Bench.Results;
using Im.Client.Tests;
using Im.Protocol;

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
        await using var gateway = await FakeGateway.StartAsync();
        await using var client = new LoadClient("c1", [new Goal(Target.ToUser("2"), 0)], new BenchOptions { Format = FrameFormat.Json, Rate = 1 }, _tally);
        var connecting = client.ConnectAsync(gateway.Address, "session", Cancel);
        var socket = await gateway.WelcomeAsync();
        await socket.SendAsync(new ServerFrame.Synced());
        await connecting;
        Assert.True(client.TrySend(1));
        var sent = await socket.FrameAsync<ClientFrame.Send>();
        foreach (var answer in answers(sent.Id)) await socket.SendAsync(answer);
        // Behind the last answer, so all of them were read.
        await socket.CloseAsync(CloseCodes.Normal);
        await client.Ended.WaitAsync(TimeSpan.FromSeconds(30), Cancel);
    }
}
