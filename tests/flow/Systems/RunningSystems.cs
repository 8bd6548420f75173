using Im.Local;

[assembly: AssemblyFixture(typeof(Im.Flow.Tests.Systems.RunningSystems))]

namespace Im.Flow.Tests.Systems;

/// <summary>Each system is started once, by the first test that asks for it, and ends with the last test of the assembly.</summary>
public sealed class RunningSystems : IAsyncDisposable
{
    private readonly Lock _gate = new();
    private readonly List<IAsyncDisposable> _started = [];
    private readonly List<string> _directories = [];
    private Task<RunningSystem>? _standalone, _full, _strict;
    private Task<FaultySystem>? _faulty;

    public Task<RunningSystem> StandaloneAsync()
    {
        lock (_gate) return _standalone ??= StartStandaloneAsync("flow-standalone", new Dictionary<string, string>());
    }

    /// <summary>Two gateways and two message services that nobody harms.</summary>
    public Task<RunningSystem> FullAsync()
    {
        lock (_gate) return _full ??= StartAsync();

        async Task<RunningSystem> StartAsync()
        {
            var cluster = Keep(await FullCluster.StartAsync(new FullClusterOptions { Directory = NewDirectory("flow-full") }));
            return new RunningSystem(cluster.GatewayUrls, cluster.AdminUrl, cluster.AdminKey);
        }
    }

    /// <summary>Production mode with its limits, and a heartbeat of 1 s.</summary>
    public Task<RunningSystem> StrictAsync()
    {
        lock (_gate)
        {
            return _strict ??= StartStandaloneAsync("flow-strict", new Dictionary<string, string>
            {
                [ServiceSettings.AspNetEnvironment] = "Production",
                ["Im__Gateway__HeartbeatSeconds"] = "1",
            });
        }
    }

    /// <summary>A full system of its own for tests that break things; each leaves it whole.</summary>
    public Task<FaultySystem> FaultyAsync()
    {
        lock (_gate) return _faulty ??= StartAsync();

        async Task<FaultySystem> StartAsync()
        {
            var cluster = Keep(await FullCluster.StartAsync(new FullClusterOptions { Directory = NewDirectory("flow-faulty") }));
            return new FaultySystem(cluster);
        }
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var system in _started) await system.DisposeAsync();
        // The logs of a run that failed are what one wants to read after it: the next run removes them.
        if (TestContext.Current.TestAssemblyStatus is { } && _keepLogs) return;
        foreach (var directory in _directories) Directory.Delete(directory, recursive: true);
    }

    private static readonly bool _keepLogs = Environment.GetEnvironmentVariable("IM_KEEP_LOGS") is not null;

    private async Task<RunningSystem> StartStandaloneAsync(string name, IReadOnlyDictionary<string, string> settings)
    {
        var standalone = Keep(await Standalone.StartAsync(NewDirectory(name), settings));
        return new RunningSystem([standalone.GatewayUrl], standalone.AdminUrl, standalone.AdminKey);
    }

    private string NewDirectory(string name)
    {
        var directory = TestInstances.Create(name);
        lock (_gate) _directories.Add(directory);
        return directory;
    }

    private T Keep<T>(T system)
        where T : IAsyncDisposable
    {
        lock (_gate) _started.Add(system);
        return system;
    }
}
