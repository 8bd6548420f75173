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
    /// <summary>Every service's program can do it.</summary>
    private const string Migrator = "message";

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
        var further = Enumerable.Range(2, options.BrokerNodes - 1)
            .Select(number => new PrivateRabbitMq(_paths, RabbitMq, number) { Restart = options.Restart, OnRestart = options.Log });
        BrokerNodes = [RabbitMq, .. further];
        Redis = new PrivateRedis(_paths, options.RedisPort) { Restart = options.Restart, OnRestart = options.Log };
        Postgres = new PrivatePostgres(_paths, options.PostgresPort) { Restart = options.Restart, OnRestart = options.Log };
        _servers = [.. BrokerNodes, Redis, Postgres];
        AdminKey = options.AdminKey ?? SecretFile.ReadOrCreate(Path.Combine(_paths.Root, "admin.key"));
        var gateways = options.GatewayListen.Select(ServiceSettings.Resolve).ToList();
        var admin = ServiceSettings.Resolve(options.AdminListen);
        GatewayUrls = options.GatewayPublic ?? [.. gateways.Select(ServiceSettings.Reachable)];
        AdminUrl = ServiceSettings.Reachable(admin);
        if (options.Edge is { } ports)
        {
            var behind = gateways.Select(gateway => gateway.Port).ToList();
            Edge = new PrivateEdge(_paths, behind, admin.Port, ports) { Restart = options.Restart, OnRestart = options.Log };
        }

        foreach (var (index, listen) in gateways.Index())
            Add($"gateway-{index + 1}", "gateway", ServiceSettings.GatewayListen, listen, Edge?.Url ?? options.GatewayPublic?[index]);
        for (var number = 1; number <= options.MessageServices; number++)
            AddBackend($"message-{number}", "message");
        for (var number = 1; number <= options.Replicas; number++)
        {
            var suffix = options.Replicas == 1 ? "" : $"-{number}";
            foreach (var service in SingleServices)
                AddBackend(service + suffix, service);
            Add("admin" + suffix, "admin", ServiceSettings.AdminListen, number == 1 ? admin : ServiceSettings.Resolve("http://127.0.0.1:0"));
        }
    }

    public PrivateRabbitMq RabbitMq { get; }

    /// <summary>The same, and the further nodes of its cluster.</summary>
    public IReadOnlyList<PrivateRabbitMq> BrokerNodes { get; }

    public PrivateRedis Redis { get; }

    public PrivatePostgres Postgres { get; }

    /// <summary>Null where there is none.</summary>
    public PrivateEdge? Edge { get; }

    /// <summary>Base URLs of the gateways themselves, in the order of their numbers.</summary>
    public IReadOnlyList<Uri> GatewayUrls { get; }

    public Uri AdminUrl { get; }

    public string AdminKey { get; }

    /// <summary>Every process, the servers first.</summary>
    public IReadOnlyList<ManagedProcess> Processes => [.. _servers, .. _services, .. EdgeIfAny];

    private List<ManagedProcess> EdgeIfAny => Edge is null ? [] : [Edge];

    /// <summary>gateway-1…, message-1…, login, session, presence, profile, admin (login-1 … where there are more), rabbitmq, redis, postgres, edge.</summary>
    /// <exception cref="KeyNotFoundException">There is no process of this name.</exception>
    public ManagedProcess this[string name] =>
        Processes.FirstOrDefault(process => process.Name == name) ?? throw new KeyNotFoundException($"no process '{name}' in the cluster");

    /// <summary>
    /// Starts everything, the servers, then the services, then the edge, each group in parallel; answers when all of it is ready. The services come to PostgreSQL
    /// and Redis as themselves and find the tables made, as in production.
    /// </summary>
    /// <exception cref="LocalStartException">Something is not installed, not built, or did not become ready; nothing is left running.</exception>
    public static async Task<FullCluster> StartAsync(FullClusterOptions options, CancellationToken cancel = default)
    {
        var cluster = new FullCluster(options);
        try
        {
            await cluster.StartAllAsync(cluster._servers, cancel);
            await cluster.MigrateAsync(cancel);
            await cluster.StartAllAsync(cluster._services, cancel);
            await cluster.StartAllAsync(cluster.EdgeIfAny, cancel);
            return cluster;
        }
        catch
        {
            await cluster.DisposeAsync();
            throw;
        }
    }

    /// <summary>Stops the edge, the services and then the servers gracefully; data stay.</summary>
    public async Task StopAsync(CancellationToken cancel = default)
    {
        if (Edge is not null) await Edge.StopAsync(cancel);
        await Task.WhenAll(_services.Select(service => service.StopAsync(cancel)));
        await Task.WhenAll(_servers.Select(server => server.StopAsync(cancel)));
    }

    /// <summary>Kills whatever still runs and deletes the servers' data unless they are to be kept.</summary>
    public async ValueTask DisposeAsync()
    {
        await Task.WhenAll(Processes.Select(process => process.DisposeAsync().AsTask()));
        if (!_options.KeepData)
            Postgres.DeleteData();
        foreach (var node in BrokerNodes.Where(node => !_options.KeepData && Directory.Exists(_paths.Data(node.Name))))
            Directory.Delete(_paths.Data(node.Name), recursive: true);
    }

    private void AddBackend(string name, string service) =>
        Add(name, service, ServiceSettings.HealthListen, ServiceSettings.Resolve("http://127.0.0.1:0"));

    private void Add(string name, string service, string door, Uri listen, Uri? publicUrl = null)
    {
        var settings = new Dictionary<string, string>
        {
            [ServiceSettings.Bus] = RabbitMq.UriAt(BrokerNodes.Select(node => _options.Route(name, node.Name, node.Port))),
            [ServiceSettings.Redis] = Redis.ConnectionStringAt(_options.Route(name, Redis.Name, Redis.Port), service),
            [ServiceSettings.Database] = Postgres.ConnectionStringAt(_options.Route(name, Postgres.Name, Postgres.Port), service),
            [ServiceSettings.MigrateAtStart] = "false",
            [ServiceSettings.NodeName] = name,
            [ServiceSettings.AdminKey] = AdminKey,
            [door] = listen.GetLeftPart(UriPartial.Authority),
        };
        if (BrokerNodes.Count > 1) settings["Im__QuorumQueues"] = "true";
        if (publicUrl is not null) settings["Im__Gateway__PublicUrl"] = publicUrl.GetLeftPart(UriPartial.Authority);
        // The chat page of one gateway goes on at another one when its own dies.
        foreach (var (index, url) in GatewayUrls.Index()) settings[$"Im__Gateway__AllowedOrigins__{index}"] = url.GetLeftPart(UriPartial.Authority);
        if (Edge is not null)
        {
            settings[$"Im__Gateway__AllowedOrigins__{GatewayUrls.Count}"] = Edge.Url.GetLeftPart(UriPartial.Authority);
            settings["Im__Gateway__TrustedProxies__0"] = "127.0.0.1";
        }

        var environment = ServiceSettings.Environment(settings, _options.Settings);
        _services.Add(new ServiceProcess(name, service, _options.Program(service), listen.Port, environment, _paths)
        {
            Restart = _options.Restart,
            OnRestart = _options.Log,
        });
    }

    private async Task MigrateAsync(CancellationToken cancel)
    {
        await Postgres.CreateRolesAsync(cancel);
        var program = _options.Program(Migrator);
        ServiceProcess.RequireBuilt("migrate", program);
        var environment = ServiceSettings.Environment(new Dictionary<string, string> { [ServiceSettings.Database] = Postgres.ConnectionString }, _options.Settings);
        var (status, said) = await ShortCommand.RunAsync(SolutionBinaries.Dotnet, [program, "migrate", "--roles"], environment: environment, cancel: cancel);
        if (status != 0)
            throw new LocalStartException($"the tables could not be made or brought to this version:\n{said}");
        _options.Log("the database has its tables and roles");
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
