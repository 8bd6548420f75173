using System.Net.Http.Json;
using System.Text.Json;
using Im.Chaos.Systems;
using Im.Local;

namespace Im.Chaos.Tests.Systems;

[Collection("a whole system")]
public sealed class ChaosSystemTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Two_of_every_service_run_and_clients_know_the_gateways_by_their_wires()
    {
        var directory = Directory.CreateTempSubdirectory("im-chaos-");
        try
        {
            await using var system = await ChaosSystem.StartAsync(directory.FullName, SolutionBinaries.Service, _ => { }, Cancel);
            Assert.Equal(
                ["admin-1", "admin-2", "gateway-1", "gateway-2", "login-1", "login-2", "message-1", "message-2", "presence-1", "presence-2", "profile-1", "profile-2", "session-1", "session-2"],
                system.Services.Select(service => service.Name).Order(StringComparer.Ordinal));
            Assert.All(system.Services, service => Assert.All(system.Servers, server => Assert.True(system.Wire(service.Name, server.Name).Connections > 0)));

            await KnownByTheirWiresAsync(system);
            Assert.Equal(system.Gateways[0].Port, system.Wire(ChaosSystem.Clients, "gateway-1").Port);
        }
        finally
        {
            directory.Delete(recursive: true);
        }
    }

    /// <summary>A gateway may look at the board a moment before the other one stands on it; it looks again every second.</summary>
    private static async Task KnownByTheirWiresAsync(ChaosSystem system)
    {
        using var http = new HttpClient(new SocketsHttpHandler { UseProxy = false }) { BaseAddress = system.Gateways[0] };
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(Cancel);
        limit.CancelAfter(TimeSpan.FromSeconds(30));
        int[] ports, wanted = [.. system.Gateways.Select(gateway => gateway.Port).Order()];
        do
        {
            var told = await http.GetFromJsonAsync<JsonElement>("v1/gateways", limit.Token);
            ports = [.. told.GetProperty("items").EnumerateArray().Select(item => new Uri(item.GetString()!).Port).Order()];
        }
        while (!ports.SequenceEqual(wanted));
    }
}
