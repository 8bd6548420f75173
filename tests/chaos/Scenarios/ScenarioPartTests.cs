using Im.Chaos.Journals;
using Im.Chaos.Scenarios;
using Im.Contracts;
using Im.Contracts.Lanes;

namespace Im.Chaos.Tests.Scenarios;

public sealed class ScenarioPartTests
{
    [Fact]
    public void Every_scenario_has_its_own_name_says_what_it_breaks_and_takes_time()
    {
        Assert.Equal(ScenarioCatalogue.All.Count, ScenarioCatalogue.All.Select(scenario => scenario.Name).Distinct().Count());
        Assert.All(ScenarioCatalogue.All, scenario => Assert.Matches("^[a-z]+(-[a-z]+)*$", scenario.Name));
        Assert.All(ScenarioCatalogue.All, scenario => Assert.NotEmpty(scenario.About));
        Assert.All(ScenarioCatalogue.All, scenario => Assert.InRange(scenario.Length, TimeSpan.FromSeconds(5), TimeSpan.FromMinutes(4)));
    }

    [Fact]
    public void A_seed_repeats_who_is_killed_and_over_the_seeds_everybody_is()
    {
        Assert.Equal(Kills.Draw(new Random(5)), Kills.Draw(new Random(5)));
        var drawn = Enumerable.Range(0, 200).Select(seed => Kills.Draw(new Random(seed))).ToList();
        Assert.All(drawn, names => Assert.Equal(4, names.Distinct().Count()));
        var counts = drawn.SelectMany(names => names).CountBy(name => name).ToDictionary();
        Assert.Equal(14, counts.Count);
        Assert.True(counts["gateway-1"] > counts["admin-1"] && counts["message-2"] > counts["login-2"]);
    }

    [Theory]
    [InlineData(5, null, true)]
    [InlineData(5, 4.5, false)]
    [InlineData(300, 4.5, true)]
    [InlineData(200, 4.5, false)]
    [InlineData(2, null, false)]
    public void A_device_is_logged_out_wrongly_where_nobody_had_ended_its_session(double sentAway, double? ended, bool isFound)
    {
        var device = new DeviceJournal("7", "phone", DeviceKind.Bare);
        if (ended is { } at) device.Add(new EndsSession(TimeSpan.FromSeconds(at)));
        device.Add(new Disconnected(TimeSpan.FromSeconds(sentAway), 1, 4401, false));
        device.Add(new Disconnected(TimeSpan.FromSeconds(sentAway + 1), 2, 1012, false));
        Assert.Equal(isFound ? 1 : 0, LoggedOut.Among([device], TimeSpan.FromSeconds(3)).Count());
    }

    [Fact]
    public void A_device_holds_the_connections_that_were_welcome_and_did_not_end()
    {
        Entry[] entries =
        [
            new Connected(TimeSpan.FromSeconds(1), 1, "one", null), new Connected(TimeSpan.FromSeconds(2), 2, "other", null),
            new Disconnected(TimeSpan.FromSeconds(3), 1, 4409, false), new Disconnected(TimeSpan.FromSeconds(4), 3, null, false), new Connected(TimeSpan.FromSeconds(5), 4, "one", null),
        ];
        Assert.Equal([2, 4], SameDevice.OpenLines(entries));
    }

    [Fact]
    public void The_packets_that_were_lost_are_counted_over_both_ways()
    {
        const string Listed = """
            table inet im_chaos {
                chain lossy {
                    type filter hook input priority filter; policy accept;
                    tcp dport { 5000, 6000 } numgen random mod 100 < 10 counter packets 10 bytes 530 drop
                    tcp sport { 5000, 6000 } numgen random mod 100 < 10 counter packets 14 bytes 753 drop
                }
            }
            """;
        Assert.Equal(24, PacketLoss.LostIn(Listed));
        Assert.Contains("tcp dport { 5000, 6000 } numgen random mod 100 < 10 counter drop", PacketLoss.Rules([5000, 6000]), StringComparison.Ordinal);
    }

    [Fact]
    public void No_poison_for_a_lane_can_be_read_but_what_is_absurd()
    {
        var doses = new PoisonDoses(new Random(1), [ConversationId.Direct(12, 34)]);
        string[] queues = [Topology.ShardQueue(3), Topology.NodeQueue("boot"), Topology.LoginQueue, Topology.CursorQueue, Topology.GatewayEventQueue("boot"), "bus-endpoint"];
        foreach (var queue in queues)
        {
            var made = Enumerable.Range(0, 300).Select(_ => doses.For(queue)).ToList();
            Assert.True(made.Select(dose => dose.What).Distinct().Count() >= 4, queue);
            if (queue == queues[0]) Assert.All(made, dose => AssertPoison(dose, body => LaneFormat.ReadBatch(body)));
            if (queue == queues[1]) Assert.All(made, dose => AssertPoison(dose, body => LaneFormat.ReadEnvelope(body)));
        }
    }

    private static void AssertPoison(Dose dose, Func<byte[], object> read)
    {
        if (dose.What == "absurd" && Record.Exception(() => read(dose.Body)) is null) return;
        Assert.Throws<InvalidDataException>(() => read(dose.Body));
    }
}
