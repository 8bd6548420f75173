using Im.Bench.Results;
using Im.Bench.Scenarios;
using Im.Bench.Subjects;

namespace Im.Bench.Tests;

/// <summary>What is said below a table.</summary>
public sealed class RemarksTests
{
    private static readonly Subject Ours = Named("ours"), Twin = Named("twin"), Peer = Named("peer") with { Wire = Wire.Xmpp, SeenPerSecond = 3_400 };

    private static readonly Setup[] Setups =
    [
        new("protobuf, window 8", new BenchOptions()) { Load = "window 8" }, new("JSON, window 8", new BenchOptions()) { Load = "window 8" },
        new("XMPP, window 8", new BenchOptions()) { Load = "window 8", Wire = Wire.Xmpp },
    ];

    [Fact]
    public void The_first_system_is_compared_with_each_other_one_under_the_same_load() => Assert.Equal(
        [
            "window 8: ours delivers 9,000/s, 0.90 times twin, 7.50 times peer (each in its faster format).",
            "peer: 1,200/s at best, beside 3,400/s that was seen once on this kind of machine.",
        ],
        Remarks.OfPeers(Of(
            [Ours, Twin, Peer],
            Run(Ours, 0, 7_000), Run(Ours, 1, 9_000), Run(Twin, 0, 10_000), Run(Peer, 2, 1_200))));

    [Fact]
    public void What_has_not_run_is_not_compared()
    {
        Assert.Empty(Remarks.OfPeers(Of([Ours, Twin, Peer], Run(Ours, 0, 7_000))));
        Assert.Equal(["peer: 1,200/s at best, beside 3,400/s that was seen once on this kind of machine."], Remarks.OfPeers(Of([Ours, Peer], Run(Peer, 2, 1_200))));
        Assert.Empty(Remarks.OfSpread(Of([Ours, Twin], Run(Ours, 0, 7_000, cost: 20))));
    }

    [Fact]
    public void The_dearest_message_stands_beside_the_cheapest() => Assert.Equal(
        ["protobuf, window 8: a message costs the servers 20.0 µs (twin) to 25.0 µs (ours), 25 % more."],
        Remarks.OfSpread(Of([Ours, Twin], Run(Ours, 0, 1, cost: 25), Run(Twin, 0, 1, cost: 20))));

    private static Subject Named(string name) => new(name, "", name, (_, _) => throw new InvalidOperationException("was started"));

    private static Outcome Of(IReadOnlyList<Subject> subjects, params IReadOnlyList<Run> runs) =>
        new(new ScenarioOptions(new Scenario("some", "", "", Column.Messages, subjects, Setups)), runs, new Dictionary<string, IReadOnlyList<string>>());

    private static Run Run(Subject subject, int setup, double rate, double cost = 0) =>
        new(1, subject.Name, Setups[setup].Name, new Figures { DeliveredPerSecond = rate, ServerMicroseconds = cost });
}
