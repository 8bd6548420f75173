using System.Globalization;

namespace Im.Local;

/// <summary>
/// A RabbitMQ broker of its own: port mapper, distribution and AMQP only on 127.0.0.1, one generated account and no guest, durable data.
/// Nothing of a broker that the machine has (configuration, plugins, cookie) takes part. One node, or the first of a cluster.
/// </summary>
public sealed class PrivateRabbitMq : ManagedProcess
{
    private const string User = "im";
    private readonly string _directory, _home, _node;
    private readonly PrivateRabbitMq? _first;
    private readonly int _distributionPort = FreePort.Next();
    private readonly PortMapper _mapper;
    private readonly Lazy<string> _password;

    public PrivateRabbitMq(InstancePaths paths, int port = 0) : base("rabbitmq", "rabbitmq", paths)
    {
        Port = port == 0 ? FreePort.Next() : port;
        _directory = paths.Data("rabbitmq");
        _home = Path.Combine(_directory, "home");
        // The data lie under the node's name; it is unique because the port mapper is ours alone.
        _node = "im@localhost";
        _mapper = new PortMapper(paths);
        // Only the first start on empty data creates the account, so the password has to live as long as the data.
        _password = new(() => SecretFile.ReadOrCreate(Path.Combine(_directory, "password")));
    }

    /// <summary>A further node of the cluster of the first, whose account, cookie and port mapper are its own too.</summary>
    public PrivateRabbitMq(InstancePaths paths, PrivateRabbitMq first, int number) : base($"rabbitmq-{number}", "rabbitmq", paths)
    {
        Port = FreePort.Next();
        _directory = paths.Data(Name);
        (_first, _home, _mapper, _password) = (first, first._home, first._mapper, first._password);
        _node = $"im-{number}@localhost";
    }

    public override int Port { get; }

    /// <summary>With one it speaks TLS and nothing else.</summary>
    public ServerCertificate? Certificate { get; init; }

    public string Uri => UriAt(Port);

    /// <summary>For one who reaches it by another port of this machine, or several nodes of its cluster.</summary>
    public string UriAt(params IEnumerable<int> ports) =>
        $"{(Certificate is null ? "amqp" : "amqps")}://{User}:{_password.Value}@{string.Join(',', ports.Select(port => $"127.0.0.1:{port}"))}/";

    public override Task<bool> IsReadyAsync(CancellationToken cancel = default) =>
        Certificate is null ? Probe.AmqpAsync(Port, cancel) : Probe.TcpAsync(Port, cancel);

    /// <summary>Every queue of the broker with the messages in it, waiting or not yet acknowledged. Costs a second or two of CPU.</summary>
    /// <exception cref="LocalStartException">The broker does not answer.</exception>
    public async Task<IReadOnlyDictionary<string, int>> CountQueuesAsync(CancellationToken cancel = default)
    {
        var queues = await ListQueuesAsync(["name", "messages"], cancel);
        return queues.ToDictionary(queue => queue[0], queue => int.Parse(queue[1], CultureInfo.InvariantCulture));
    }

    /// <summary>How many queues this node leads; one that is not replicated is led by the node that has it. Costs a second or two of CPU.</summary>
    /// <inheritdoc cref="CountQueuesAsync" path="/exception"/>
    public async Task<int> CountLedAsync(CancellationToken cancel = default)
    {
        var queues = await ListQueuesAsync(["pid"], cancel);
        return queues.Count(queue => queue[0].StartsWith($"<{_node}.", StringComparison.Ordinal));
    }

    /// <summary>These columns of every queue, as <c>rabbitmqctl list_queues</c> has them. Costs a second or two of CPU.</summary>
    /// <inheritdoc cref="CountQueuesAsync" path="/exception"/>
    public async Task<IReadOnlyList<string[]>> ListQueuesAsync(IEnumerable<string> columns, CancellationToken cancel = default)
    {
        var output = await ControlAsync(cancel, ["--silent", "list_queues", .. columns]);
        return [.. output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => line.Split('\t'))];
    }

    /// <summary>Adds what a file of definitions has: virtual hosts, users, rights, exchanges, queues. Costs a second or two of CPU.</summary>
    /// <exception cref="LocalStartException">The broker does not answer, or refuses a part of it.</exception>
    public Task ImportAsync(string file, CancellationToken cancel = default) => ControlAsync(cancel, "--silent", "import_definitions", file);

    private async Task<string> ControlAsync(CancellationToken cancel, params string[] arguments)
    {
        var script = Programs.RequireFile("/usr/lib/rabbitmq/bin/rabbitmqctl", "rabbitmq-server");
        var settings = Settings();
        settings["RABBITMQ_CTL_ERL_ARGS"] = settings["RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS"];
        var (status, output) = await ShortCommand.RunAsync("/bin/sh", [script, .. arguments], environment: settings, cancel: cancel);
        return status == 0 ? output : throw new LocalStartException($"{Name}: rabbitmqctl {string.Join(' ', arguments)} failed:\n{output}");
    }

    public override async Task StopAsync(CancellationToken cancel = default)
    {
        await base.StopAsync(cancel);
        if (_first is null) await _mapper.StopAsync(cancel);
    }

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        if (_first is null) await _mapper.DisposeAsync();
    }

    private protected override async Task<ChildCommand> PrepareAsync(CancellationToken cancel)
    {
        var script = Programs.RequireFile("/usr/lib/rabbitmq/bin/rabbitmq-server", "rabbitmq-server");
        await _mapper.StartAsync(cancel);
        var mnesia = Path.Combine(_directory, "mnesia");
        // A node without data joins the cluster that it finds, and founds one of its own where it finds none.
        if (_first is not null && !Directory.Exists(mnesia)) await _first.StartAsync(cancel);
        foreach (var directory in (string[])[_home, mnesia, Path.Combine(_directory, "log")]) Directory.CreateDirectory(directory);
        SecretFile.Write(Path.Combine(_directory, "rabbitmq.conf"), $"""
            {Listening()}
            {Joining()}
            default_user = {User}
            default_pass = {_password.Value}
            loopback_users = none
            disk_free_limit.absolute = 50MB
            log.file = false
            log.console = true
            log.console.level = warning

            """);
        await File.WriteAllTextAsync(Path.Combine(_directory, "enabled_plugins"), "[].\n", cancel);
        return new ChildCommand("/bin/sh", script) { LogPath = LogPath, Environment = Settings() };
    }

    private string Listening() => Certificate is null ? $"listeners.tcp.1 = 127.0.0.1:{Port}" : $"""
        listeners.tcp = none
        listeners.ssl.1 = 127.0.0.1:{Port}
        ssl_options.certfile = {Certificate.CertificatePath}
        ssl_options.keyfile = {Certificate.KeyPath}
        ssl_options.cacertfile = {Certificate.CertificatePath}
        ssl_options.verify = verify_none
        """;

    /// <summary>The side of a broken network that has the majority goes on.</summary>
    private string Joining() => _first is null ? "cluster_partition_handling = pause_minority" : $"""
        cluster_partition_handling = pause_minority
        cluster_formation.peer_discovery_backend = classic_config
        cluster_formation.classic_config.nodes.1 = {_first._node}
        cluster_formation.classic_config.nodes.2 = {_node}
        """;

    private Dictionary<string, string?> Settings() => new()
    {
        ["HOME"] = _home,
        ["ERL_EPMD_PORT"] = $"{_mapper.Port}",
        ["ERL_EPMD_ADDRESS"] = "127.0.0.1",
        ["RABBITMQ_NODENAME"] = _node,
        ["RABBITMQ_DIST_PORT"] = $"{_distributionPort}",
        ["RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS"] = "-start_epmd false -kernel inet_dist_use_interface {127,0,0,1}",
        // Two cores are shared with everything else: an idle scheduler sleeps instead of spinning.
        ["RABBITMQ_SCHEDULER_BUSY_WAIT_THRESHOLD"] = "none",
        ["RABBITMQ_CONF_ENV_FILE"] = Path.Combine(_directory, "no-rabbitmq-env.conf"),
        ["RABBITMQ_CONFIG_FILE"] = Path.Combine(_directory, "rabbitmq.conf"),
        ["RABBITMQ_CONFIG_FILES"] = null,
        ["RABBITMQ_ADVANCED_CONFIG_FILE"] = Path.Combine(_directory, "no-advanced.config"),
        ["RABBITMQ_ENABLED_PLUGINS_FILE"] = Path.Combine(_directory, "enabled_plugins"),
        ["RABBITMQ_MNESIA_BASE"] = Path.Combine(_directory, "mnesia"),
        ["RABBITMQ_MNESIA_DIR"] = null,
        ["RABBITMQ_PID_FILE"] = null,
        ["RABBITMQ_LOGS"] = null,
        ["RABBITMQ_LOG_BASE"] = Path.Combine(_directory, "log"),
        ["RABBITMQ_LOG"] = "-color",
        // Makes the script become the broker instead of waiting for it, so that our pid is the broker's.
        ["RUNNING_UNDER_SYSTEMD"] = "true",
        ["NOTIFY_SOCKET"] = null,
    };

    /// <summary>Erlang's port mapper. Started by us: the broker's own would go into the background and outlive it.</summary>
    private sealed class PortMapper(InstancePaths paths) : ManagedProcess("epmd", "epmd", paths)
    {
        public override int Port { get; } = FreePort.Next();

        public override Task<bool> IsReadyAsync(CancellationToken cancel = default) => Probe.TcpAsync(Port, cancel);

        private protected override Task<ChildCommand> PrepareAsync(CancellationToken cancel) =>
            Task.FromResult(new ChildCommand(Programs.Require("epmd", "rabbitmq-server"), "-port", $"{Port}", "-address", "127.0.0.1") { LogPath = LogPath });
    }
}
