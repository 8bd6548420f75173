using System.Diagnostics;
using Im.Flow.Tests.Journeys;
using Im.Flow.Tests.Systems;

namespace Im.Faults.Tests;

/// <summary>The question is answered while gateways are gone: that is when it is asked.</summary>
public sealed class JourneyFaultTests(RunningSystems systems) : FaultTest(systems)
{
    /// <summary>Routes and board have forgotten a dead gateway by then several times over.</summary>
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(90);

    /// <summary>
    /// A question takes two seconds where a gateway is silent. One that took longer was asked again, since the living gateway was slow, or the machine stalled: by then the
    /// broken one may be off the board and its routes swept.
    /// </summary>
    private static readonly TimeSpan AskedOnce = TimeSpan.FromSeconds(4);

    [Fact]
    public async Task A_killed_gateway_is_named_and_then_its_devices_are_offline()
    {
        var (ann, bob) = (await NewUserAsync(), await NewUserAsync());
        var (anns, bobs) = (await ConnectAsync(ann, System.Gateways[0]), await ConnectAsync(bob, System.Gateways[1]));
        var sent = await anns.SayAsync(To(bob), "hello");
        await bobs.MessageAsync("hello");
        await IsRoutedAsync(bob);
        Cluster["gateway-2"].Kill();

        var asked = Stopwatch.GetTimestamp();
        var journey = await FromLivingAsync(sent.MessageId);
        if (Stopwatch.GetElapsedTime(asked) < AskedOnce)
        {
            Assert.Equal(("waiting", "gateway_silent"), journey.DeviceOf(bob));
            Assert.False(journey.Gateways[journey.Device(bob).GetProperty("gateway").GetString()!]);
            Assert.Single(journey.Gateways.Values, answers => !answers);
        }

        Assert.Equal(("acknowledged", "by_connection"), journey.DeviceOf(ann));

        journey = await UntilAsync(() => Journey.OfAsync(System, sent.MessageId, Cancel), now => now.DeviceOf(bob) == ("waiting", "offline"), Limit);
        Assert.All(journey.Gateways.Values, Assert.True);
    }

    [Fact]
    public async Task A_frozen_gateway_is_named_and_not_waited_for()
    {
        var (ann, bob) = (await NewUserAsync(), await NewUserAsync());
        var (anns, bobs) = (await ConnectAsync(ann, System.Gateways[0]), await ConnectAsync(bob, System.Gateways[1]));
        var sent = await anns.SayAsync(To(bob), "hello");
        await bobs.MessageAsync("hello");
        await IsRoutedAsync(bob);
        Cluster["gateway-2"].Pause();

        var asked = Stopwatch.GetTimestamp();
        var journey = await FromLivingAsync(sent.MessageId);
        var took = Stopwatch.GetElapsedTime(asked);
        // Half of a minute is far beyond the two seconds that it is given, and far below the freeze.
        Assert.True(took < TimeSpan.FromSeconds(30));
        if (took < AskedOnce)
        {
            Assert.True(journey.DeviceOf(bob) == ("waiting", "gateway_silent"), journey.ToString());
            Assert.Single(journey.Gateways.Values, answers => !answers);
        }

        Cluster["gateway-2"].Resume();
        // So short a freeze closes no connection; he leaves by himself.
        await bobs.DisposeAsync();
        journey = await UntilAsync(() => Journey.OfAsync(System, sent.MessageId, Cancel), now => now.DeviceOf(bob) == ("waiting", "offline_unacknowledged"), Limit);
        Assert.True(journey.Device(bob).TryGetProperty("endedAt", out _));
    }

    [Fact]
    public async Task While_the_broker_is_away_the_log_still_answers()
    {
        var (ann, bob) = (await NewUserAsync(), await NewUserAsync());
        var (anns, bobs) = (await ConnectAsync(ann, System.Gateways[0]), await ConnectAsync(bob, System.Gateways[1]));
        var sent = await anns.SayAsync(To(bob), "hello");
        await bobs.MessageAsync("hello");
        bobs.Ack(sent.Conversation, sent.Seq);
        await UntilAsync(() => Journey.OfAsync(System, sent.MessageId, Cancel), now => now.DeviceOf(bob) == ("acknowledged", null), Limit);
        await IsRoutedAsync(ann);
        Cluster.RabbitMq.Kill();

        var journey = await Journey.OfAsync(System, sent.MessageId, Cancel);
        Assert.Equal(("acknowledged", null), journey.DeviceOf(bob));
        Assert.Equal(("waiting", "gateway_silent"), journey.DeviceOf(ann));
        Assert.DoesNotContain(true, journey.Gateways.Values);
    }

    /// <summary>Of the two gateways the second is broken. Where the first is silent too it is slow, and asked again.</summary>
    private Task<Journey> FromLivingAsync(string messageId) => UntilAsync(
        () => Journey.OfAsync(System, messageId, Cancel),
        now => now.Gateways.All(gateway => gateway.Value || !gateway.Key.StartsWith("gateway-1-", StringComparison.Ordinal)),
        Limit);

    /// <summary>On a busy machine the route may be written a moment after the connection was welcome.</summary>
    private async Task IsRoutedAsync(TestUser user) =>
        await UntilAsync(() => System.Admin.PresenceAsync(user.Id, Cancel), presence => presence.GetProperty("devices").GetArrayLength() == 1, Limit);
}
