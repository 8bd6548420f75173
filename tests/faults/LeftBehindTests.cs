using Im.Flow.Tests.Devices;
using Im.Flow.Tests.Systems;
using Im.Protocol;

namespace Im.Faults.Tests;

/// <summary>What a device left behind when it went elsewhere does not take the place of the connection that it has now.</summary>
public sealed class LeftBehindTests(RunningSystems systems) : FaultTest(systems)
{
    /// <summary>Less than the 5 s after which any question to the database is given up.</summary>
    private static readonly TimeSpan GivenUp = TimeSpan.FromSeconds(3);

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public async Task A_hello_whose_sender_has_left_is_given_up_at_once_and_replaces_nobody(int next)
    {
        var (ann, bob) = (await NewUserAsync(), await NewUserAsync());
        var session = await ann.LogInAsync(Cancel);
        var others = await bob.LogInAsync(Cancel);
        await using (var sessions = await HeldSessions.TakeAsync(OpenDatabaseAsync, Cancel))
        {
            await using (var left = await Device.OpenAsync(System.Gateways[0], Cancel))
            {
                left.Send(new ClientFrame.Hello(session.SessionId, null));
                await UntilAsync(() => sessions.CountHellosAsync(Cancel), waiting => waiting > 0);
            }

            await UntilAsync(() => sessions.CountHellosAsync(Cancel), waiting => waiting == 0, GivenUp);
        }

        var device = await ConnectAsync(session, System.Gateways[next]);
        // Behind whatever the one that left may have set going.
        var marker = await ConnectAsync(others, System.Gateways[0]);
        await marker.SayAsync(To(ann), "marker");
        await device.MessageAsync("marker");
        await device.SayAsync(To(bob), "still here");
        Assert.False(device.IsClosed);
    }
}
