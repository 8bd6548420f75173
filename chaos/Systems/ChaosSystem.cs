using Im.Chaos.Wires;
using Im.Local;

namespace Im.Chaos.Systems;

/// <summary>
/// The full system with two of every service, and a wire wherever something may be cut: from each service to each server, and from the clients to each
/// gateway. Clients know the gateways by their wires only.
/// </summary>
public sealed class ChaosSystem : IAsyncDisposable
{
    public const string Clients = "clients";

    /// <summary>
    /// What message services remember of sends is full at the end of the warm-up: what grows from then on is no memory of that kind. Repeats of what was forgotten have
    /// to be recognized by the database.
    /// </summary>
    private static readonly Dictionary<string, string> Settings = new() { ["Im__Message__RememberedSends"] = "2000" };

    private readonly Dictionary<(string From, string To), Wire> _wires;

    private ChaosSystem(FullCluster cluster, Dictionary<(string, string), Wire> wires)
    {
        Cluster = cluster;
        _wires = wires;
    }

    public FullCluster Cluster { get; }

    /// <summary>As clients reach them, gateway-1 first.</summary>
    public IReadOnlyList<Uri> Gateways { get; private init; } = [];

    public IReadOnlyList<ManagedProcess> Servers => [Cluster.RabbitMq, Cluster.Redis, Cluster.Postgres];

    public IReadOnlyList<ManagedProcess> Services => [.. Cluster.Processes.Except(Servers)];

    /// <param name="from">A service as <c>gateway-1</c>, or <see cref="Clients"/>.</param>
    /// <param name="to">A server as <c>rabbitmq</c>; for clients a gateway.</param>
    public Wire Wire(string from, string to) => _wires[(from, to)];

    public IEnumerable<Wire> Wires => _wires.Values;

    /// <param name="directory">For logs, data and passwords of this run.</param>
    /// <param name="program">From the name of a service to its dll; the product's own where nothing else is tried.</param>
    public static async Task<ChaosSystem> StartAsync(string directory, Func<string, string> program, Action<string> say, CancellationToken cancel)
    {
        var wires = new Dictionary<(string, string), Wire>();
        Wire Open(string from, string to, int port) => wires[(from, to)] = Chaos.Wires.Wire.Open(from, to, port);

        int[] gatewayPorts = [FreePort.Next(), FreePort.Next()];
        var urls = gatewayPorts.Select((port, index) => new Uri($"http://127.0.0.1:{Open(Clients, $"gateway-{index + 1}", port).Port}")).ToArray();
        try
        {
            var cluster = await FullCluster.StartAsync(
                new FullClusterOptions
                {
                    Directory = directory,
                    GatewayListen = [.. gatewayPorts.Select(port => $"http://127.0.0.1:{port}")],
                    GatewayPublic = urls,
                    Replicas = 2,
                    Program = program,
                    Settings = Settings,
                    Log = say,
                    Route = (service, server, port) => Open(service, server, port).Port,
                },
                cancel);
            return new ChaosSystem(cluster, wires) { Gateways = urls };
        }
        catch
        {
            foreach (var wire in wires.Values) await wire.DisposeAsync();
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        await Cluster.DisposeAsync();
        foreach (var wire in _wires.Values) await wire.DisposeAsync();
    }
}
