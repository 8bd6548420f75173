using Im.Chaos.Systems;

namespace Im.Chaos.Scenarios;

/// <summary>Every scenario there is. The first one is part of every run that is drawn.</summary>
public static class ScenarioCatalogue
{
    public static IReadOnlyList<IScenario> All { get; } =
    [
        new Kills(),
        new EachKilled(),
        new GatewayFrozen(),
        new MessageFrozen(),
        new ServerKilled("rabbitmq", times: 6, away: TimeSpan.Zero, accepting: false),
        new ServerFrozen("rabbitmq", accepting: false),
        new RedisFlushed(),
        new ServerKilled("redis", times: 1, away: TimeSpan.FromSeconds(10), accepting: true),
        new ServerFrozen("redis", accepting: true),
        new PostgresStopped(),
        new ServerKilled("postgres", times: 1, away: TimeSpan.FromSeconds(5), accepting: false),
        new PostgresCut(),
        new CommitCut(),
        new GatewayCutOff("rabbitmq"),
        new GatewayCutOff("redis"),
        new GatewayCutOff("postgres"),
        new GatewayCutOff(ChaosSystem.Clients),
        new PacketLoss(),
        new RollingRestart(),
        new Poison(),
        new ShardHandover(),
        new SameDevice(),
        new SlowReading(),
        new ReconnectStorm(),
    ];
}
