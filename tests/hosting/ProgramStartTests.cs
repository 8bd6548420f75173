using System.Net;
using System.Net.Sockets;
using Im.Local;

namespace Im.Hosting.Tests;

/// <summary>A service's program as a shell or a container starts it, and what it ends with when that cannot be meant.</summary>
public sealed class ProgramStartTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("im-start-tests-").FullName;

    [Theory]
    [InlineData("migrat")]
    [InlineData("--Im:Shards=16 migrate")]
    [InlineData("--Im:Shards 16 migrate")]
    public async Task A_word_that_is_no_verb_starts_nothing(string arguments)
    {
        var (status, said) = await RunAsync("Development", arguments.Split(' '));
        Assert.Equal((1, $"cannot start: '{arguments.Split(' ')[^1]}' is neither the verb migrate, which comes first, nor a setting (--Im:Shards=16)\n"), (status, said));
    }

    [Fact]
    public async Task A_service_of_its_own_without_a_broker_does_not_start_in_production()
    {
        var (status, said) = await RunAsync("Production");
        Assert.Equal(1, status);
        Assert.StartsWith("cannot start: Im:Bus is empty: session talks to the other services over a broker", said, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_port_in_use_ends_with_a_line_that_says_so()
    {
        using var taken = new TcpListener(IPAddress.Loopback, 0);
        taken.Start();
        var (status, said) = await RunAsync("Development", $"--Im:Health:Listen=http://{taken.LocalEndpoint}");
        Assert.Equal(1, status);
        Assert.EndsWith($"cannot start: Failed to bind to address http://{taken.LocalEndpoint}: address already in use.\n", said, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_setting_that_nothing_reads_is_told_before_anything_listens()
    {
        using var taken = new TcpListener(IPAddress.Loopback, 0);
        taken.Start();
        var (_, said) = await RunAsync("Development", "--Im:Session:IdelDays=3", $"--Im:Health:Listen=http://{taken.LocalEndpoint}");
        Assert.Contains("Im:Session:IdelDays is no setting of this version and changes nothing: Im:Session knows AbsoluteDays, IdleDays, MaxPerUser", said, StringComparison.Ordinal);
    }

    private Task<(int Status, string Output)> RunAsync(string environment, params string[] arguments) => ShortCommand.RunAsync(
        SolutionBinaries.Dotnet, [SolutionBinaries.Service("session"), .. arguments],
        environment: new Dictionary<string, string?> { ["ASPNETCORE_ENVIRONMENT"] = environment, ["Im__Database"] = $"Data Source={Path.Combine(_folder, "im.db")}", ["Im__Bus"] = null },
        cancel: TestContext.Current.CancellationToken);

    public void Dispose() => Directory.Delete(_folder, recursive: true);
}
