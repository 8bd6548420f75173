using Im.Hosting.Storage;
using Im.Local;

[assembly: AssemblyFixture(typeof(Im.Flow.Tests.Systems.RunningSystems))]

namespace Im.Flow.Tests.Systems;

/// <summary>
/// Each system is started once, by the first test that asks for it, and ends with the last test of the assembly. IM_KEEP_LOGS=1 keeps their directories.
/// </summary>
public sealed class RunningSystems : IAsyncDisposable
{
    /// <summary>So that a test need not wait half a minute for a round.</summary>
    private static readonly (string Name, string Value) CheckOften = ("Im__Message__LogCheckSeconds", "1");

    /// <summary>Only where no push is tested: a reconciliation that comes so soon hides that one was lost.</summary>
    private static readonly (string Name, string Value) ReconcileOften = ("Im__Gateway__ReconcileSeconds", "1");

    private readonly Lock _gate = new();
    private readonly List<RunningSystem> _started = [];
    private readonly List<string> _directories = [];
    private Task<RunningSystem>? _standalone, _full, _edge, _strict, _narrow, _quietStandalone, _quietFull;
    private Task<FaultySystem>? _faulty, _clustered;

    static RunningSystems() => ConversationIdColumn.Register();

    public Task<RunningSystem> StandaloneAsync()
    {
        lock (_gate) return _standalone ??= StartStandaloneAsync("flow-standalone");
    }

    /// <summary>Two gateways and two message services that nobody harms.</summary>
    public Task<RunningSystem> FullAsync()
    {
        lock (_gate) return _full ??= StartAsync();

        async Task<RunningSystem> StartAsync() => (await StartFullAsync("flow-full")).System;
    }

    /// <summary>The same behind nginx with TLS, which is all that clients and operators reach.</summary>
    public Task<RunningSystem> EdgeAsync()
    {
        lock (_gate) return _edge ??= StartAsync();

        async Task<RunningSystem> StartAsync() => (await StartFullAsync("flow-edge", new EdgePorts())).System;
    }

    /// <summary>Production mode with its limits, some of them low, a heartbeat of 1 s, and a trusted proxy at the tests' own address.</summary>
    public Task<RunningSystem> StrictAsync()
    {
        lock (_gate)
        {
            return _strict ??= StartStandaloneAsync(
                "flow-strict",
                (ServiceSettings.AspNetEnvironment, "Production"),
                ("Im__Gateway__HeartbeatSeconds", "1"),
                ("Im__Gateway__CallsPerSecond", "1"),
                ("Im__Gateway__CallBurst", "20"),
                ("Im__Gateway__TrustedProxies__0", "127.0.0.1"));
        }
    }

    /// <summary>
    /// Production mode with places for few, so that floods can be small, and a heartbeat of 5 s: in silence a connection lives for longer than it may be without
    /// a hello.
    /// </summary>
    public Task<RunningSystem> NarrowAsync()
    {
        lock (_gate)
        {
            return _narrow ??= StartStandaloneAsync(
                "flow-narrow",
                (ServiceSettings.AspNetEnvironment, "Production"),
                ("Im__Gateway__HeartbeatSeconds", "5"),
                ("Im__Gateway__MaxConnections", "60"),
                ("Im__Gateway__MaxConnectionsPerAddress", "20"),
                ("Im__Gateway__MaxTcpPerAddress", "50"),
                ("Im__Gateway__MaxCallConnections", "90"));
        }
    }

    /// <summary>For the ledger, which counts what everybody does: nobody else is on it.</summary>
    public Task<RunningSystem> QuietStandaloneAsync()
    {
        lock (_gate) return _quietStandalone ??= StartStandaloneAsync("flow-quiet-standalone", CheckOften, ReconcileOften);
    }

    /// <inheritdoc cref="QuietStandaloneAsync"/>
    public Task<RunningSystem> QuietFullAsync()
    {
        lock (_gate) return _quietFull ??= StartAsync();

        async Task<RunningSystem> StartAsync() => (await StartFullAsync("flow-quiet-full", settings: [CheckOften, ReconcileOften])).System;
    }

    /// <summary>A full system of its own for the tests of <c>tests/faults</c>, which break it; each leaves it whole.</summary>
    public Task<FaultySystem> FaultyAsync()
    {
        lock (_gate) return _faulty ??= StartFullAsync("flow-faulty");
    }

    /// <summary>The same on a RabbitMQ of three nodes.</summary>
    public Task<FaultySystem> ClusteredAsync()
    {
        lock (_gate) return _clustered ??= StartFullAsync("flow-clustered", brokerNodes: 3);
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var system in _started) await system.DisposeAsync();
        if (Environment.GetEnvironmentVariable("IM_KEEP_LOGS") == "1") return;
        foreach (var directory in _directories) Directory.Delete(directory, recursive: true);
    }

    private async Task<RunningSystem> StartStandaloneAsync(string name, params (string Name, string Value)[] settings)
    {
        var directory = NewDirectory(name);
        var standalone = await Standalone.StartAsync(directory, settings.ToDictionary(setting => setting.Name, setting => setting.Value));
        var database = new SqliteDatabase($"Data Source={Path.Combine(directory, "im.db")}");
        return await KeepAsync(new RunningSystem([standalone.GatewayUrl], standalone.AdminUrl, standalone.AdminKey, database, [standalone.Process], standalone));
    }

    private async Task<FaultySystem> StartFullAsync(string name, EdgePorts? edge = null, int brokerNodes = 1, params (string Name, string Value)[] settings)
    {
        var cluster = await FullCluster.StartAsync(new FullClusterOptions
        {
            Directory = NewDirectory(name),
            Edge = edge,
            BrokerNodes = brokerNodes,
            Settings = settings.ToDictionary(setting => setting.Name, setting => setting.Value),
        });
        if (cluster.Edge is { } before)
        {
            using var certificate = before.Certificate.Load();
            Wire.Trust(certificate);
        }

        IReadOnlyList<Uri> gateways = cluster.Edge is null ? cluster.GatewayUrls : [cluster.Edge.Url];
        return new FaultySystem(cluster, await KeepAsync(new RunningSystem(
            gateways, cluster.Edge?.AdminUrl ?? cluster.AdminUrl, cluster.AdminKey, new PostgresDatabase(cluster.Postgres.ConnectionString), cluster.Processes, cluster)));
    }

    private string NewDirectory(string name)
    {
        var directory = TestInstances.Create(name);
        lock (_gate) _directories.Add(directory);
        return directory;
    }

    private async Task<RunningSystem> KeepAsync(RunningSystem system)
    {
        // First, so that one that never answers ends with the others.
        lock (_gate) _started.Add(system);
        await system.AnswersAsync(TestContext.Current.CancellationToken);
        return system;
    }
}
