using Im.Bench.Results;
using Im.Bench.Scenarios;
using Im.Bench.Subjects;
using Im.Local;

namespace Im.Bench.Tests;

/// <summary>Systems of others beside ours: how they are set up, what is said of them, and what where they are not installed.</summary>
public sealed class PeersTests
{
    private static readonly Setup Xmpp = new("XMPP, window 8", new BenchOptions { Window = 8 }) { Wire = Wire.Xmpp };

    private static readonly Subject Absent = new("peer", "one of others", "peer", (_, _) => throw new InvalidOperationException("was started"))
    {
        Wire = Wire.Xmpp,
        SeenPerSecond = 3_400,
        Missing = () => "not installed; run: apt-get install peer",
    };

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("window", "XMPP, window 64; XMPP, window 32; XMPP, window 8")]
    [InlineData("rate", "XMPP, 1,000/s; XMPP, 5,000/s; XMPP, 20,000/s; XMPP, 50,000/s")]
    [InlineData("idle", "XMPP, 15,000 connections")]
    public void Each_system_runs_in_its_own_protocol(string scenario, string setups)
    {
        var options = ScenarioOptions.Parse([scenario]);
        foreach (var subject in options.Subjects)
        {
            var names = string.Join("; ", options.SetupsOf(subject).Select(setup => setup.Name));
            if (subject.Wire == Wire.Xmpp) Assert.Equal(setups, names);
            else Assert.DoesNotContain("XMPP", names, StringComparison.Ordinal);
        }

        Assert.Equal(scenario == "idle" ? [28_300] : [3_400, 28_300], options.Subjects.Select(subject => subject.SeenPerSecond).OfType<int>());
    }

    [Fact]
    public async Task One_that_is_not_installed_is_skipped_with_a_line()
    {
        var scenario = new Scenario("peers", "a little", "", Column.Messages, [Absent, RelaySubject.Subject], [Xmpp, new Setup("JSON", new BenchOptions { Connections = 2, Rate = 5 })]);
        var directory = TestInstances.Create("peers");
        var said = new List<string>();
        var outcome = await new Comparison(new ScenarioOptions(scenario) { Rounds = 1, Seconds = 1, Warmup = 1, Directory = directory }, said.Add, _ => Task.CompletedTask).RunAsync(Cancel);
        Directory.Delete(directory, recursive: true);
        Assert.Equal("peer: skipped: not installed; run: apt-get install peer", said[0]);
        Assert.Equal(["relay"], outcome.Runs.Select(run => run.Subject));
        var table = ResultTable.Markdown(outcome, "", []);
        Assert.Contains("- peer: one of others, skipped: not installed; run: apt-get install peer\n", table, StringComparison.Ordinal);
        Assert.DoesNotContain("| peer |", table, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Where_none_is_installed_nothing_runs() => await Assert.ThrowsAsync<LocalStartException>(() =>
        new Comparison(new ScenarioOptions(new Scenario("peers", "", "", Column.Messages, [Absent], [Xmpp])), _ => { }, _ => Task.CompletedTask).RunAsync(Cancel));

    [Fact]
    public void What_was_seen_of_a_peer_once_stands_beside_its_best()
    {
        var options = new ScenarioOptions(new Scenario("peers", "", "", Column.Messages, [Absent], [Xmpp]));
        Run[] runs = [new(1, "peer", Xmpp.Name, new Figures { DeliveredPerSecond = 1_100 }), new(2, "peer", Xmpp.Name, new Figures { DeliveredPerSecond = 1_300 })];
        var table = ResultTable.Markdown(new Outcome(options, runs, new Dictionary<string, IReadOnlyList<string>>()), "", []);
        Assert.Contains("\npeer: 1,200/s at best, beside 3,400/s that was seen once on this kind of machine.\n", table, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Its_configuration_has_what_only_the_start_knows()
    {
        var plain = await EjabberdConfiguration.WithoutStorageAsync(12_345, Cancel);
        Assert.Contains("port: 12345\n", plain, StringComparison.Ordinal);
        Assert.DoesNotContain("mod_mam", plain, StringComparison.Ordinal);
        var archive = await EjabberdConfiguration.WithArchiveAsync(12_345, 23_456, "im", "owner", "secret", Cancel);
        Assert.StartsWith(plain, archive, StringComparison.Ordinal);
        Assert.All((string[])["sql_port: 23456\n", "sql_username: \"owner\"\n", "sql_password: \"secret\"\n", "mod_mam:\n"], line => Assert.Contains(line, archive, StringComparison.Ordinal));
    }

    [Fact]
    public void A_name_without_a_value_is_no_configuration() =>
        Assert.Equal("bench/Ejabberd: @other@ has no value", Assert.Throws<LocalStartException>(() => EjabberdConfiguration.Fill("@port@ @other@", new Dictionary<string, string> { ["port"] = "1" })).Message);
}
