namespace Im.Local;

/// <summary>
/// The system in mode "full" on this machine: RabbitMQ, Redis and PostgreSQL of its own, and a process per service. Everything is reached
/// by name, <c>cluster["message-1"].Kill()</c>, and ends with the cluster.
/// </summary>
/// <example><code>
/// await using var cluster = await FullCluster.StartAsync(new() { Directory = directory }, cancel);
/// cluster["gateway-1"].Kill();
/// await cluster["gateway-1"].StartAsync(cancel);
/// </code></example>
public sealed class FullCluster : IAsyncDisposable
{
    private static readonly IReadOnlyList<string> SingleServices = ["login", "session", "presence", "profile"];

    private readonly FullClusterOptions _options;
    private readonly InstancePaths _paths;
    private readonly List<ManagedProcess> _servers;
    private readonly List<ManagedProcess> _services = [];

    private FullCluster(FullClusterOptions options)
    {
        _options = options;
        _paths = new InstancePaths(options.Directory);
        RabbitMq = new PrivateRabbitMq(_paths, options.RabbitMqPort) { Restart = options.Restart, OnRestart = options.Log };
        Redis = new PrivateRedis(_paths, options.RedisPort) { Restart = options.Restart, OnRestart = options.Log };
        Postgres = new PrivatePostgres(_paths, options.PostgresPort) { Restart = options.Restart, OnRestart = options.Log };
        _servers = [RabbitMq, Redis, Postgres];
        AdminKey = options.AdminKey ?? SecretFile.ReadOrCreate(Path.Combine(_paths.Root, "admin.key"));
        var gateways = options.GatewayListen.Select(ServiceSettings.Resolve).ToList();
        var admin = ServiceSettings.Resolve(options.AdminListen);
        GatewayUrls = [.. gateways.Select(ServiceSettings.Reachable)];
        AdminUrl = ServiceSettings.Reachable(admin);

        foreach (var (index, listen) in gateways.Index())
            Add($"gateway-{index + 1}", "gateway", ServiceSettings.GatewayListen, listen);
        for (var number = 1; number <= options.MessageServices; number++)
            AddBackend($"message-{number}", "message");
        foreach (var service in SingleServices)
            AddBackend(service, service);
        Add("admin", "admin", ServiceSettings.AdminListen, admin);
    }

    public PrivateRabbitMq RabbitMq { get; }

    public PrivateRedis Redis { get; }

    public PrivatePostgres Postgres { get; }

    /// <summary>Base URLs of the gateways, in the order of their numbers.</summary>
    public IReadOnlyList<Uri> GatewayUrls { get; }

    public Uri AdminUrl { get; }

    public string AdminKey { get; }

    /// <summary>Every process, the servers first.</summary>
    public IReadOnlyList<ManagedProcess> Processes => [.. _servers, .. _services];

    /// <summary>gateway-1…, message-1…, login, session, presence, profile, admin, rabbitmq, redis, postgres.</summary>
    /// <exception cref="KeyNotFoundException">There is no process of this name.</exception>
    public ManagedProcess this[string name] =>
        Processes.FirstOrDefault(process => process.Name == name) ?? throw new KeyNotFoundException($"no process '{name}' in the cluster");

    /// <summary>Starts everything, the servers and then the services, each group in parallel; answers when all of it is ready.</summary>
    /// <exception cref="LocalStartException">Something is not installed, not built, or did not become ready; nothing is left running.</exception>
    public static async Task<FullCluster> StartAsync(FullClusterOptions options, CancellationToken cancel = default)
    {
        var cluster = new FullCluster(options);
        try
        {
            await cluster.StartAllAsync(cluster._servers, cancel);
            await cluster.StartAllAsync(cluster._services, cancel);
            return cluster;
        }
        catch
        {
            await cluster.DisposeAsync();
            throw;
        }
    }

    /// <summary>Stops the services and then the servers gracefully; data stay.</summary>
    public async Task StopAsync(CancellationToken cancel = default)
    {
        await Task.WhenAll(_services.Select(service => service.StopAsync(cancel)));
        await Task.WhenAll(_servers.Select(server => server.StopAsync(cancel)));
    }

    /// <summary>Kills whatever still runs and deletes the servers' data unless they are to be kept.</summary>
    public async ValueTask DisposeAsync()
    {
        await Task.WhenAll(Processes.Select(process => process.DisposeAsync().AsTask()));
        if (!_options.KeepData)
            Postgres.DeleteData();
        if (!_options.KeepData && Directory.Exists(_paths.Data(RabbitMq.Name)))
            Directory.Delete(_paths.Data(RabbitMq.Name), recursive: true);
    }

    private void AddBackend(string name, string service) =>
        Add(name, service, ServiceSettings.HealthListen, ServiceSettings.Resolve("http://127.0.0.1:0"));

    private void Add(string name, string service, string door, Uri listen)
    {
        var settings = new Dictionary<string, string>
        {
            [ServiceSettings.Bus] = RabbitMq.Uri,
            [ServiceSettings.Redis] = Redis.ConnectionString,
            [ServiceSettings.Database] = Postgres.ConnectionString,
            [ServiceSettings.NodeName] = name,
            [ServiceSettings.AdminKey] = AdminKey,
            [door] = listen.GetLeftPart(UriPartial.Authority),
        };
        // The chat page of one gateway goes on at another one when its own dies.
        foreach (var (index, url) in GatewayUrls.Index()) settings[$"Im__Gateway__AllowedOrigins__{index}"] = url.GetLeftPart(UriPartial.Authority);
        var environment = ServiceSettings.Environment(settings, _options.Settings);
        _services.Add(new ServiceProcess(name, service, _options.Program(service), listen.Port, environment, _paths)
        {
            Restart = _options.Restart,
            OnRestart = _options.Log,
        });
    }

    private async Task StartAllAsync(List<ManagedProcess> processes, CancellationToken cancel)
    {
        using var failed = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        var starts = processes.Select(StartOneAsync).ToList();
        await foreach (var start in Task.WhenEach(starts))
        {
            if (start.IsFaulted)
                await failed.CancelAsync();
        }
        // The first that failed by itself, not one that was cancelled for it.
        await (starts.Find(start => start.IsFaulted) ?? Task.WhenAll(starts));

        async Task StartOneAsync(ManagedProcess process)
        {
            await process.StartAsync(failed.Token);
            _options.Log($"{process.Name} is ready on port {process.Port}");
        }
    }
}
