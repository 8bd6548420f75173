namespace Im.Local;

/// <summary>The system in mode "standalone": all modules in one process, SQLite in the directory, no servers.</summary>
public sealed class Standalone : IAsyncDisposable
{
    private Standalone(ServiceProcess process, Uri gateway, Uri admin, string adminKey)
    {
        Process = process;
        GatewayUrl = gateway;
        AdminUrl = admin;
        AdminKey = adminKey;
    }

    public ServiceProcess Process { get; }

    public Uri GatewayUrl { get; }

    public Uri AdminUrl { get; }

    public string AdminKey { get; }

    /// <summary>Starts it and answers when it is ready.</summary>
    /// <param name="directory">Where the database, the log and the admin's key go.</param>
    /// <param name="settings">Further environment variables; they win over those set here, the two addresses apart.</param>
    /// <param name="gatewayListen">Address of the gateway; port 0 takes a free one.</param>
    /// <param name="adminListen">Address of the admin; port 0 takes a free one.</param>
    /// <param name="program">The dll to run; by default the one that the solution has built.</param>
    /// <param name="cancel">Ends the start.</param>
    /// <exception cref="LocalStartException">It is not built or did not become ready; nothing is left running.</exception>
    public static async Task<Standalone> StartAsync(string directory, IReadOnlyDictionary<string, string>? settings = null,
        string gatewayListen = "http://127.0.0.1:0", string adminListen = "http://127.0.0.1:0", string? program = null, CancellationToken cancel = default)
    {
        var paths = new InstancePaths(directory);
        var gateway = ServiceSettings.Resolve(gatewayListen);
        var admin = ServiceSettings.Resolve(adminListen);
        var extra = new Dictionary<string, string>(settings ?? new Dictionary<string, string>());
        if (!extra.TryGetValue(ServiceSettings.AdminKey, out var key))
            key = SecretFile.ReadOrCreate(Path.Combine(paths.Root, "admin.key"));
        var own = new Dictionary<string, string>
        {
            [ServiceSettings.Database] = $"Data Source={Path.Combine(paths.Root, "im.db")}",
            [ServiceSettings.NodeName] = "standalone",
            [ServiceSettings.AdminKey] = key,
        };
        extra[ServiceSettings.GatewayListen] = gateway.GetLeftPart(UriPartial.Authority);
        extra[ServiceSettings.AdminListen] = admin.GetLeftPart(UriPartial.Authority);
        var process = new ServiceProcess("standalone", "standalone", program ?? SolutionBinaries.Service("standalone"), gateway.Port,
            ServiceSettings.Environment(own, extra), paths);
        try
        {
            await process.StartAsync(cancel);
        }
        catch
        {
            await process.DisposeAsync();
            throw;
        }
        return new Standalone(process, ServiceSettings.Reachable(gateway), ServiceSettings.Reachable(admin), key);
    }

    /// <summary>Ends it gracefully; data stay.</summary>
    public Task StopAsync(CancellationToken cancel = default) => Process.StopAsync(cancel);

    public ValueTask DisposeAsync() => Process.DisposeAsync();
}
