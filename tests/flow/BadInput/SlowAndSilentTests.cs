using System.Text;
using Im.Flow.Tests.Devices;
using Im.Flow.Tests.Systems;
using Im.Protocol;

namespace Im.Flow.Tests.BadInput;

/// <summary>In production mode: clients that are silent, too fast or do not read, and what they cost themselves and nobody else.</summary>
[Collection(nameof(Alone))]
public sealed class SlowAndSilentTests(RunningSystems systems) : FlowTest(systems.StrictAsync)
{
    [Fact]
    public async Task A_silent_client_is_closed_after_two_and_a_half_heartbeats_and_a_beating_one_lives()
    {
        var (silent, beating) = (await ConnectAsync(await NewUserAsync()), await ConnectAsync(await NewUserAsync()));
        Assert.Equal(1, (await silent.NextAsync<ServerFrame.Welcome>()).Heartbeat);
        using var heart = new Heart(beating);
        var began = TimeProvider.System.GetTimestamp();
        Assert.Equal(CloseCodes.TooSlow, await silent.ClosedAsync());
        Assert.InRange(TimeProvider.System.GetElapsedTime(began).TotalSeconds, 2, 5);
        beating.Send(new ClientFrame.Ping());
        await beating.NextAsync<ServerFrame.Pong>(after: beating.Frames.Count);
    }

    [Fact]
    [Trait("abuse", "71")]
    public async Task A_burst_of_500_messages_is_taken_and_then_50_a_second()
    {
        var (ann, bob) = (await NewUserAsync(), await NewUserAsync());
        var (anns, bobs) = (await ConnectAsync(ann), await ConnectAsync(bob));
        using var heart = new Heart(bobs);
        foreach (var number in Numbers(1, 700)) anns.Post(To(bob), $"{number}", $"{number}");
        var refused = await anns.NextAsync<ServerFrame.Rejected>();
        Assert.Equal((Codes.RateLimited, true), (refused.Code, refused.Retryable));
        Assert.InRange(refused.RetryAfterMs ?? 0, 1, 5000);
        await UntilAsync(() => Task.FromResult(anns.Answers), answers => answers == 700);
        Assert.InRange(anns.Frames.OfType<ServerFrame.Accepted>().Count(), 500, 650);
        await bobs.SayAsync(To(ann), "others are not limited by it");
    }

    [Fact]
    [Trait("abuse", "5")]
    public async Task Who_floods_with_frames_of_whatever_kind_is_closed()
    {
        var anns = await ConnectAsync(await NewUserAsync());
        var pings = $"[{string.Join(",", Enumerable.Repeat("""{"t":"ping"}""", 1000))}]";
        for (var count = 0; count < 8; count++) anns.SendRaw(pings);
        Assert.Equal(4429, await anns.ClosedAsync());
        Assert.NotNull((await anns.NextAsync<ServerFrame.Bye>()).ReconnectAfterMs);
    }
}

[Collection(nameof(Alone))]
public sealed class SlowReaderInStandalone(RunningSystems systems) : SlowReaderSpec(systems.StandaloneAsync);

[Collection(nameof(Alone))]
public sealed class SlowReaderInFull(RunningSystems systems) : SlowReaderSpec(systems.FullAsync);

/// <summary>Who never reads is cut off, harms nobody meanwhile, and finds everything later.</summary>
public abstract class SlowReaderSpec(Func<Task<RunningSystem>> start) : FlowTest(start)
{
    private const int Count = 1_500;

    [Fact]
    [Trait("abuse", "77")]
    public async Task A_client_that_does_not_read_is_cut_off_and_gets_everything_later()
    {
        var (ann, bob) = (await NewUserAsync(), await NewUserAsync());
        var session = await bob.LogInAsync(Cancel);
        await using var stuck = await RawSocket.ConnectAsync(System.Gateway, Cancel, receiveBuffer: 4096);
        await stuck.SendTextAsync($$"""{"t":"hello","session":"{{session.SessionId}}"}""", Cancel);
        var (anns, reading) = (await ConnectAsync(ann), await ConnectAsync(bob));

        var body = new string('x', 12_000);
        for (var number = 1; number <= Count; number++)
        {
            anns.Post(To(bob), $"{number} {body}");
            while (number - anns.Answers > 15) await anns.NewsAsync();
        }

        await UntilAsync(() => Task.FromResult(reading.Messages.Count()), count => count == Count, TimeSpan.FromSeconds(40));
        var presence = await UntilAsync(
            () => System.Admin.PresenceAsync(bob.Id, Cancel), answer => answer.GetProperty("devices").GetArrayLength() == 1, TimeSpan.FromSeconds(30));
        Assert.NotEqual(session.DeviceId, presence.GetProperty("devices")[0].GetProperty("deviceId").GetString());

        var later = await ConnectAsync(session);
        Assert.Equal(Numbers(1, Count), later.Messages.Select(message => message.Seq));
        Assert.Equal(Numbers(1, Count), reading.Messages.Select(message => message.Seq));
        Assert.All(later.Messages, message => Assert.Equal(Encoding.ASCII.GetByteCount($"{message.Seq} {body}"), message.Body.Length));
    }
}
