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
        var beating = await ConnectAsync(await NewUserAsync());
        using var heart = new Heart(beating);
        var session = await (await NewUserAsync()).LogInAsync(Cancel);
        var began = TimeProvider.System.GetTimestamp();
        var silent = await ConnectAsync(session);
        Assert.Equal(1, (await silent.NextAsync<ServerFrame.Welcome>()).Heartbeat);
        Assert.Equal(CloseCodes.TooSlow, await silent.ClosedAsync());
        Assert.True(TimeProvider.System.GetElapsedTime(began) >= TimeSpan.FromSeconds(2));
        beating.Send(new ClientFrame.Ping());
        await beating.NextAsync<ServerFrame.Pong>(after: beating.Frames.Count);
    }

    [Fact]
    [Trait("abuse", "71")]
    public async Task A_burst_of_500_messages_is_taken_and_then_50_a_second()
    {
        const int Burst = 500, PerSecond = 50, AtOnce = 700, Most = 10 * AtOnce;
        var (ann, bob) = (await NewUserAsync(), await NewUserAsync());
        var anns = await ConnectAsync(ann);
        using var annsHeart = new Heart(anns);
        var bobs = await ConnectAsync(bob);
        using var bobsHeart = new Heart(bobs);
        var (sent, began) = (0, TimeProvider.System.GetTimestamp());
        // Where the machine stalls the allowance grows meanwhile, and it takes more of them to the first refusal.
        while (sent < Most && !anns.Frames.OfType<ServerFrame.Rejected>().Any())
        {
            foreach (var number in Numbers(sent + 1, AtOnce)) anns.Post(To(bob), $"{number}", $"{number}");
            sent += AtOnce;
            await UntilAsync(() => Task.FromResult(anns.Answers), answers => answers == sent);
        }

        var seconds = TimeProvider.System.GetElapsedTime(began).TotalSeconds;
        var refused = await anns.NextAsync<ServerFrame.Rejected>();
        Assert.Equal((Codes.RateLimited, true), (refused.Code, refused.Retryable));
        Assert.InRange(refused.RetryAfterMs ?? 0, 1, 5000);
        Assert.InRange(anns.Frames.OfType<ServerFrame.Accepted>().Count(), Burst, Burst + (int)(PerSecond * (seconds + 1)));
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

    /// <summary>18 MB are read from the log, written and taken apart, beside whatever else the machine does.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(120);

    [Fact]
    [Trait("abuse", "77")]
    public async Task A_client_that_does_not_read_is_cut_off_and_gets_everything_later()
    {
        var (ann, bob) = (await NewUserAsync(), await NewUserAsync());
        var session = await bob.LogInAsync(Cancel);
        await using var stuck = await RawSocket.ConnectAsync(System.Gateway, Cancel, receiveBuffer: 4096);
        await stuck.SendTextAsync($$"""{"t":"hello","session":"{{session.SessionId}}"}""", Cancel);
        // They are longer at it than one may be silent.
        var anns = await ConnectAsync(ann);
        using var annsHeart = new Heart(anns);
        var reading = await ConnectAsync(bob);
        using var readingHeart = new Heart(reading);

        var body = new string('x', 12_000);
        for (var number = 1; number <= Count; number++)
        {
            anns.Post(To(bob), $"{number} {body}");
            while (number - anns.Answers > 15) await anns.NewsAsync();
        }

        await UntilAsync(() => Task.FromResult(reading.Messages.Count()), count => count == Count, Patience);
        var presence = await UntilAsync(
            () => System.Admin.PresenceAsync(bob.Id, Cancel), answer => answer.GetProperty("devices").GetArrayLength() == 1, TimeSpan.FromSeconds(30));
        Assert.NotEqual(session.DeviceId, presence.GetProperty("devices")[0].GetProperty("deviceId").GetString());

        var later = Keep(await Device.ConnectAsync(System.Gateway, session, Cancel));
        using var laterHeart = new Heart(later);
        await later.NextAsync<ServerFrame.Synced>(limit: Patience);
        Assert.Equal(Numbers(1, Count), later.Messages.Select(message => message.Seq));
        Assert.Equal(Numbers(1, Count), reading.Messages.Select(message => message.Seq));
        Assert.All(later.Messages, message => Assert.Equal(Encoding.ASCII.GetByteCount($"{message.Seq} {body}"), message.Body.Length));
    }
}
