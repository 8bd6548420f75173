using System.Net.WebSockets;
using Im.Client;
using Im.Flow.Tests.Devices;
using Im.Flow.Tests.Systems;
using Im.Local;
using Im.Protocol;
using Npgsql;

// They share one system.
[assembly: CollectionBehavior(DisableTestParallelization = true)]

namespace Im.Faults.Tests;

/// <summary>A test that breaks the full system and makes it whole again, also when it fails. The next one begins when people can chat again.</summary>
public abstract class FaultTest : FlowTest
{
    /// <summary>After the return of whatever was gone.</summary>
    protected static readonly TimeSpan RecoveryLimit = TimeSpan.FromSeconds(15);

    /// <summary>After the start of a whole system, or of what the test before has left dead: nothing is promised of that.</summary>
    private static readonly TimeSpan StartLimit = TimeSpan.FromSeconds(90);

    private readonly Func<Task<FaultySystem>> _start;

    protected FaultTest(RunningSystems systems) : this(systems.FaultyAsync)
    {
    }

    protected FaultTest(Func<Task<FaultySystem>> start) : base(async () => (await start()).System) => _start = start;

    protected FullCluster Cluster { get; private set; } = null!;

    public override async ValueTask InitializeAsync()
    {
        await base.InitializeAsync();
        Cluster = (await _start()).Cluster;
        await UntilAsync(CanChatAsync, can => can, StartLimit);
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

    /// <summary>A connection of its own, which may do everything: one of a pool may be to a server that a test has killed since.</summary>
    protected async Task<NpgsqlConnection> OpenDatabaseAsync()
    {
        var database = new NpgsqlConnection(new NpgsqlConnectionStringBuilder(Cluster.Postgres.AdministratorConnectionString) { Pooling = false }.ConnectionString);
        await database.OpenAsync(Cancel);
        return database;
    }

    /// <summary>Everything is there again: now people can chat within the limit.</summary>
    protected Task RecoversAsync() => UntilAsync(CanChatAsync, can => can, RecoveryLimit);

    private async Task<bool> CanChatAsync()
    {
        try
        {
            var (ann, bob) = (await NewUserAsync(), await NewUserAsync());
            await using var anns = await Device.ConnectAsync(System.Gateway, await ann.LogInAsync(Cancel), Cancel);
            await using var bobs = await Device.ConnectAsync(System.OtherGateway, await bob.LogInAsync(Cancel), Cancel);
            return await anns.AnswerAsync(To(bob), "there?") is ServerFrame.Accepted;
        }
        catch (Exception fault) when (fault is ImApiException or HttpRequestException or WebSocketException or Xunit.Sdk.FailException)
        {
            // Not yet; the one who asks knows for how long that is right.
            return false;
        }
    }
}
