using Im.Local;

namespace Im.Tool.Tests;

/// <summary>The cluster starts everything by name, hands each process its settings, and takes all of it down again.</summary>
public sealed class FullClusterTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_cluster_starts_by_name_and_leaves_nothing_behind()
    {
        using var scratch = new Scratch();
        List<ProcessIdentity> all;
        var cluster = await FullCluster.StartAsync(
            new() { Directory = scratch.Root, Program = _ => Scratch.ServiceProgram, Restart = true, Settings = new Dictionary<string, string> { ["Im__Extra"] = "yes" } }, Cancel);
        await using (cluster)
        {
            Assert.Equal(
                ["admin", "gateway-1", "gateway-2", "login", "message-1", "message-2", "postgres", "presence", "profile", "rabbitmq", "redis", "session"],
                cluster.Processes.Select(process => process.Name).Order(StringComparer.Ordinal));
            using var http = new HttpClient();
            Assert.Equal("gateway-2", await http.GetStringAsync(new Uri(cluster.GatewayUrls[1], "/setting/Im:Node:Name"), Cancel));
            Assert.Equal("", await http.GetStringAsync(new Uri(cluster.GatewayUrls[1], "/setting/Im:Admin:Listen"), Cancel));
            Assert.Equal("yes", await http.GetStringAsync(new Uri(cluster.AdminUrl, "/setting/Im:Extra"), Cancel));
            Assert.Equal(cluster.AdminKey, await http.GetStringAsync(new Uri(cluster.AdminUrl, "/setting/Im:Admin:Key"), Cancel));
            Assert.Equal(cluster.Redis.ConnectionStringAt(cluster.Redis.Port, "message"), await http.GetStringAsync(new Uri($"http://127.0.0.1:{cluster["message-2"].Port}/setting/Im:Redis"), Cancel));

            cluster["redis"].Kill();
            await cluster["redis"].WaitUntilReadyAsync(Cancel);

            all = [.. cluster.Processes.SelectMany(process => process.Identity!.Tree())];
        }
        Assert.All(all, process => Assert.False(process.IsAlive));
    }

    [Fact]
    public async Task A_service_that_cannot_start_fails_the_cluster_and_is_named()
    {
        using var scratch = new Scratch();
        var error = await Assert.ThrowsAsync<LocalStartException>(() => FullCluster.StartAsync(
            new() { Directory = scratch.Root, Program = service => service == "login" ? "/nowhere/Im.Login.dll" : Scratch.ServiceProgram }, Cancel));
        Assert.Contains("Im.Login.dll is not built", error.Message, StringComparison.Ordinal);
    }
}
