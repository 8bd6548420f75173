using Im.Flow.Tests.Systems;
using Im.Local;

namespace Im.Flow.Tests.Faults;

/// <summary>A test that breaks the full system and makes it whole again, also when it fails: the next one begins with everything ready.</summary>
public abstract class FaultTest : FlowTest
{
    private readonly RunningSystems _systems;

    protected FaultTest(RunningSystems systems) : base(async () => (await systems.FaultyAsync()).System) => _systems = systems;

    protected FullCluster Cluster { get; private set; } = null!;

    public override async ValueTask InitializeAsync()
    {
        await base.InitializeAsync();
        Cluster = (await _systems.FaultyAsync()).Cluster;
    }

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        foreach (var process in Cluster.Processes)
        {
            process.Resume();
            await process.StartAsync();
        }

        GC.SuppressFinalize(this);
    }
}
