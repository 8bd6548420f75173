using Im.Local;

namespace Im.Tool;

/// <summary>Runs the full cluster in the background until it is told to stop; starts again whatever dies. Its output is its log.</summary>
internal static class Supervisor
{
    public const string LogName = "supervisor", WithEdge = "--edge";

    private static readonly Lock Output = new();

    public static async Task<int> RunAsync(bool edge, CancellationToken cancel)
    {
        using var held = Instance.LockForRun();
        var settings = UpSettings.ReadEnvironment();
        RunState.Starting("full").Save();
        try
        {
            FullCluster? started = null;
            await using var cluster = await FullCluster.StartAsync(Options(settings, edge, line => Report(line, started)), cancel);
            started = cluster;
            Publish(cluster);
            Report("everything is ready", null);
            await Task.Delay(Timeout.Infinite, cancel).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            Report("stopping", null);
            await cluster.StopAsync(CancellationToken.None);
            Report("stopped", null);
            return 0;
        }
        finally
        {
            RunState.Delete();
        }
    }

    private static FullClusterOptions Options(UpSettings settings, bool edge, Action<string> log)
    {
        var caller = ServiceSettings.FromCaller();
        return new()
        {
            Directory = Instance.Directory,
            GatewayListen = [.. settings.Gateways.Select(door => door.Address)],
            AdminListen = settings.Admin.Address,
            Edge = edge ? new EdgePorts(settings.Edge.Port, settings.EdgeAdmin.Port) : null,
            MessageServices = settings.MessageServices,
            RabbitMqPort = settings.RabbitMq.Port,
            RedisPort = settings.Redis.Port,
            PostgresPort = settings.Postgres.Port,
            AdminKey = caller.GetValueOrDefault(ServiceSettings.AdminKey),
            Settings = caller.Where(setting => setting.Key == ServiceSettings.AspNetEnvironment).ToDictionary(),
            Restart = true,
            KeepData = true,
            Log = log,
        };
    }

    /// <summary>Each line but the first ones may mean another pid.</summary>
    private static void Report(string line, FullCluster? cluster)
    {
        lock (Output)
        {
            Console.WriteLine(line);
            if (cluster is not null)
                Publish(cluster);
        }
    }

    private static void Publish(FullCluster cluster) => (RunState.Starting("full") with
    {
        Ready = true,
        Processes = RunningProcess.From(cluster.Processes),
        GatewayUrls = cluster.GatewayUrls,
        EdgeUrls = cluster.Edge is { } edge ? [edge.Url, edge.AdminUrl] : [],
        EdgeCertificate = cluster.Edge?.Certificate.CertificatePath ?? "",
        AdminUrl = cluster.AdminUrl,
        AdminKey = cluster.AdminKey,
        RedisPassword = cluster.Redis.Password,
    }).Save();
}
