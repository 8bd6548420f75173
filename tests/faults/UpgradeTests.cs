using Im.Flow.Tests.Systems;
using Im.Local;

namespace Im.Faults.Tests;

/// <summary>A new version comes while people chat: old and new processes understand each other, and nobody notices.</summary>
public sealed class UpgradeTests(RunningSystems systems) : FaultTest(systems)
{
    private static readonly string Next = SolutionBinaries.BuiltAhead("tests/upgrade-next", "Im.Upgrade.Next");

    /// <summary>Without a message, for a device whose gateway is replaced.</summary>
    private static readonly TimeSpan LongestGap = TimeSpan.FromSeconds(5);

    [Fact]
    public async Task Every_service_is_replaced_under_load_by_one_whose_contracts_have_a_new_field()
    {
        var services = Cluster.Processes.OfType<ServiceProcess>().ToList();
        var before = services.ToDictionary(service => service, service => service.Program);
        await using var load = await Load.StartAsync(System, Cancel);
        await using var one = await Talker.StartAsync(System, 0, Cancel);
        await using var other = await Talker.StartAsync(System, 1, Cancel);
        try
        {
            foreach (var service in services)
            {
                service.Program = Next;
                await RestartAsync(service);
                await load.FlowsAsync(200, Cancel);
            }

            await load.EndsCompleteAsync(Cancel);
            foreach (var talker in (Talker[])[one, other])
            {
                await talker.StopAsync();
                Assert.Empty(talker.Rejected);
                Assert.InRange(talker.Accepted, services.Count, int.MaxValue);
                Assert.InRange(talker.LongestWait, TimeSpan.Zero, LongestGap);
            }

            TestContext.Current.TestOutputHelper!.WriteLine(
                $"longest: {load.Journal.Silences.Values.Max().TotalSeconds:0.00} s without a message, {Math.Max(one.LongestWait.Ticks, other.LongestWait.Ticks) / 1e7:0.00} s without an answer");
            Assert.All(load.Journal.Silences.Values, silence => Assert.InRange(silence, TimeSpan.Zero, LongestGap));
            AssertSideBySide();
        }
        finally
        {
            foreach (var (service, program) in before) service.Program = program;
            await Task.WhenAll(services.Select(RestartAsync));
        }
    }

    /// <summary>So it was: the new ones read what old and what new ones wrote.</summary>
    private void AssertSideBySide()
    {
        Assert.Contains("read an old envelope", LogOf("gateway-1"), StringComparison.Ordinal);
        Assert.Contains("read a grown envelope", LogOf("gateway-1"), StringComparison.Ordinal);
        Assert.Contains("read a grown batch", LogOf("message-1"), StringComparison.Ordinal);
        Assert.Contains("wrote a message of the bus with the added field", LogOf("gateway-1"), StringComparison.Ordinal);

        string LogOf(string name) => File.ReadAllText(Cluster[name].LogPath);
    }

    private async Task RestartAsync(ServiceProcess service)
    {
        service.Terminate();
        await service.Exited.WaitAsync(service.StopLimit, Cancel);
        await service.StartAsync(Cancel);
    }
}
