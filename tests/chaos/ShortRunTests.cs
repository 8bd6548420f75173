using System.Globalization;
using Im.Chaos.Verdicts;

namespace Im.Chaos.Tests;

/// <summary>The short form of the harness, in every test run with another seed. It takes a minute and a half.</summary>
[Collection("a whole system")]
public sealed class ShortRunTests(ITestOutputHelper output)
{
    [Fact]
    public async Task The_promise_holds_while_one_of_every_service_and_the_broker_are_killed()
    {
        var seed = ChaosOptions.NewSeed();
        var directory = Directory.CreateTempSubdirectory("im-chaos-").FullName;
        var options = new ChaosOptions { Seed = seed, Time = TimeSpan.Zero, Devices = 60, Pace = 200, Directory = directory }.Shortened();
        var verdict = await new ChaosRun(options, TimeProvider.System, output.WriteLine).RunAsync(TestContext.Current.CancellationToken);
        var told = new StringWriter(CultureInfo.InvariantCulture);
        Table.Write(verdict, told);
        Assert.True(verdict.IsGood, $"'./im chaos --short --seed {seed}' repeats it; the logs are in {directory}\n{told}");
        Assert.True(verdict.Rows.Sum(row => row.Accepted) > 1_000, told.ToString());
        Directory.Delete(directory, recursive: true);
    }
}
