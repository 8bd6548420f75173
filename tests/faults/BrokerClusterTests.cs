using Im.Flow.Tests.Systems;
using Im.Local;

namespace Im.Faults.Tests;

/// <summary>A RabbitMQ of three nodes, of which any one may be away: the shards' queues are replicated, and whoever was connected to it goes on at another.</summary>
public sealed class BrokerClusterTests(ClusteredSystem system) : FaultTest(system.StartAsync), IClassFixture<ClusteredSystem>
{
    [Fact]
    public async Task Each_node_in_turn_is_killed_under_load_and_nothing_is_lost()
    {
        await using var load = await Load.StartAsync(System, Cancel);
        foreach (var node in await LeadersFirstAsync())
        {
            node.Kill();
            var killed = TimeProvider.System.GetTimestamp();
            await RecoversAsync();
            var chatting = TimeProvider.System.GetElapsedTime(killed);
            await load.FlowsAsync(200, Cancel);
            TestContext.Current.TestOutputHelper!.WriteLine(
                $"{node.Name} killed: people chat again after {chatting.TotalSeconds:0.0} s, 200 more accepted after {TimeProvider.System.GetElapsedTime(killed).TotalSeconds:0.0} s");
            await node.StartAsync(Cancel);
            await load.FlowsAsync(200, Cancel);
        }

        await load.EndsCompleteAsync(Cancel);
    }

    [Fact]
    public async Task The_queues_of_shards_are_on_every_node_and_those_of_requests_on_no_disk()
    {
        var kinds = await Cluster.RabbitMq.ListQueuesAsync(["name", "type", "durable", "members"], Cancel);
        var shards = kinds.Where(queue => queue[0].StartsWith("im.shard.", StringComparison.Ordinal)).ToList();
        Assert.Equal(16, shards.Count);
        Assert.All(shards, queue => Assert.Equal(("quorum", "true"), (queue[1], queue[2])));
        Assert.All(shards, queue => Assert.Equal(3, queue[3].Split(',').Length));
        Assert.All(kinds.Except(shards), queue => Assert.Equal(("classic", "false"), (queue[1], queue[2])));
    }

    /// <summary>The node that leads most of the queues is missed most, so it goes first.</summary>
    private async Task<IReadOnlyList<PrivateRabbitMq>> LeadersFirstAsync()
    {
        var nodes = new List<(PrivateRabbitMq Node, int Led)>();
        foreach (var node in Cluster.BrokerNodes) nodes.Add((node, await node.CountLedAsync(Cancel)));
        return [.. nodes.OrderByDescending(one => one.Led).Select(one => one.Node)];
    }
}

/// <summary>Ends with the tests of its class: so many processes would slow down the others.</summary>
public sealed class ClusteredSystem(RunningSystems systems) : IAsyncDisposable
{
    private Task<FaultySystem>? _system;

    public Task<FaultySystem> StartAsync() => _system ??= systems.ClusteredAsync();

    public async ValueTask DisposeAsync()
    {
        if (_system is not null) await (await _system).Cluster.StopAsync();
    }
}
