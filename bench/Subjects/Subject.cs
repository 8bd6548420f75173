using Im.Bench.Load;
using Im.Bench.Results;
using Im.Bench.Scenarios;
using Im.Local;

namespace Im.Bench.Subjects;

/// <summary>A system that can be loaded: it is started in private for a round, and stopped after it.</summary>
/// <param name="Name">As it stands in the results.</param>
/// <param name="About">What it is, for who reads the results.</param>
/// <param name="StartAsync">In this directory, which keeps its data from round to round.</param>
/// <param name="Home">Name of the directory; subjects with the same one have the same data.</param>
internal sealed record Subject(string Name, string About, string Home, Func<string, CancellationToken, Task<RunningSubject>> StartAsync)
{
    /// <summary>It runs in the setups of this protocol.</summary>
    public Wire Wire { get; init; }

    /// <summary>Of a peer, the messages a second that were seen once on this kind of machine: one that is badly set up shows beside it.</summary>
    public int? SeenPerSecond { get; init; }

    /// <summary>What this machine lacks for it, as a line for people; null where it can run.</summary>
    public Func<string?> Missing { get; init; } = () => null;
}

/// <summary>A system that runs.</summary>
/// <param name="Gateways">Where clients connect, and the process behind each address.</param>
/// <param name="Servers">The roots of all its processes, gateways and databases too.</param>
/// <param name="Facts">Settings and versions that belong to its figures.</param>
/// <param name="StopAsync">Stops all of it; data stay.</param>
internal sealed record RunningSubject(
    IReadOnlyList<(Uri Address, ProcessIdentity Process)> Gateways, Uri Admin, string AdminKey, IReadOnlyList<ProcessIdentity> Servers, IReadOnlyList<string> Facts,
    Func<ValueTask> StopAsync) : IAsyncDisposable
{
    /// <summary>Its clients, where they are not those of our own protocol; then it has no admin.</summary>
    public Func<BenchOptions, Tally, ICrowd>? NewCrowd { get; init; }

    public async Task<Figures> LoadAsync(BenchOptions load, CancellationToken cancel)
    {
        var options = load with { Gateways = [.. Gateways.Select(gateway => gateway.Address)], Admin = Admin, AdminKey = AdminKey };
        switch (options.Kind)
        {
            case LoadKind.Idle: return await IdleRun.RunAsync(options, this, cancel);
            case LoadKind.Offline: return await new OfflineRun(options, ProcessorTime).RunAsync(cancel);
        }

        await using var run = new LoadRun(options, ProcessorTime, NewCrowd);
        return (await run.RunAsync(cancel)).Figures;
    }

    /// <summary>Of all processes and what descends from them.</summary>
    public TimeSpan ProcessorTime() => Sum(ProcessIdentity.Trees(Servers));

    public TimeSpan GatewayProcessorTime() => Sum(Gateways.Select(gateway => gateway.Process));

    public long GatewayBytes() => Gateways.Sum(gateway => gateway.Process.ResidentBytes);

    public ValueTask DisposeAsync() => StopAsync();

    private static TimeSpan Sum(IEnumerable<ProcessIdentity> processes) => processes.Aggregate(TimeSpan.Zero, (sum, process) => sum + process.ProcessorTime);
}
