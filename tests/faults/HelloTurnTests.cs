using Im.Flow.Tests.Devices;
using Im.Flow.Tests.Systems;
using Im.Protocol;

namespace Im.Faults.Tests;

/// <summary>Hellos that come together do not all wait for the database together: those who had waited for its first answer would have no time left for the second.</summary>
public sealed class HelloTurnTests(RunningSystems systems) : FaultTest(systems)
{
    /// <summary>Im:Gateway:ParallelHellos where nothing else is set. A process has ten connections.</summary>
    private const int Turns = 8;

    [Fact]
    public async Task Of_many_hellos_few_ask_at_once_and_all_of_them_get_in()
    {
        var users = new[] { await NewUserAsync(), await NewUserAsync(), await NewUserAsync() };
        var devices = new List<(Device Device, string Session)>();
        foreach (var user in users)
        {
            for (var nth = 0; nth < 10; nth++)
            {
                var session = await user.LogInAsync(Cancel);
                devices.Add((Keep(await Device.OpenAsync(System.Gateways[0], Cancel)), session.SessionId));
            }
        }

        await using (var held = await HeldSessions.TakeAsync(OpenDatabaseAsync, Cancel))
        {
            foreach (var (device, session) in devices) device.Send(new ClientFrame.Hello(session, null));
            await UntilAsync(() => held.CountHellosAsync(Cancel), asking => asking >= Turns);
            // The others have had time to ask as well: their hellos were sent before.
            for (var look = 0; look < 10; look++) Assert.Equal(Turns, await held.CountHellosAsync(Cancel));
        }

        foreach (var (device, _) in devices) await device.SyncedAsync();
    }
}
