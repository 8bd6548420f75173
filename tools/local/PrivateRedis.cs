namespace Im.Local;

/// <summary>A Redis that keeps nothing on disk, behind a generated password, on one port of 127.0.0.1.</summary>
public sealed class PrivateRedis(InstancePaths paths, int port = 0) : ManagedProcess("redis", "redis", paths)
{
    private readonly string _directory = paths.Data("redis");
    private readonly Lazy<string> _password = new(() => SecretFile.ReadOrCreate(Path.Combine(paths.Data("redis"), "password")));
    private readonly Lazy<string> _userPassword = new(() => SecretFile.ReadOrCreate(Path.Combine(paths.Data("redis"), "user-password")));

    public override int Port { get; } = port == 0 ? FreePort.Next() : port;

    public string Password => _password.Value;

    /// <summary>With one it speaks TLS and nothing else.</summary>
    public ServerCertificate? Certificate { get; init; }

    /// <summary>For StackExchange.Redis.</summary>
    public string ConnectionString => ConnectionStringAt(Port);

    /// <summary>For one who reaches it by another port of this machine.</summary>
    public string ConnectionStringAt(int port) => $"127.0.0.1:{port},password={Password}{Tls}";

    /// <summary>The same for a service, which comes as the user of its own that production has.</summary>
    public string ConnectionStringAt(int port, string service) => $"127.0.0.1:{port},user=im-{service},password={_userPassword.Value}{Tls}";

    private string Tls => Certificate is null ? "" : ",ssl=true";

    public override Task<bool> IsReadyAsync(CancellationToken cancel = default) =>
        Certificate is null ? Probe.RedisAsync(Port, Password, cancel) : Probe.TcpAsync(Port, cancel);

    private protected override async Task<ChildCommand> PrepareAsync(CancellationToken cancel)
    {
        var configuration = Path.Combine(_directory, "redis.conf");
        SecretFile.Write(configuration, $"""
            bind 127.0.0.1
            {Listening()}
            requirepass {Password}
            dir "{_directory}"
            save ""
            appendonly no
            daemonize no
            {await UsersAsync(cancel)}
            """);
        return new ChildCommand(Programs.Require("redis-server", "redis-server"), configuration) { LogPath = LogPath };
    }

    /// <summary>By the script that makes them in production.</summary>
    private async Task<string> UsersAsync(CancellationToken cancel)
    {
        var passwords = Services.All.ToDictionary(service => $"PASSWORD_{service}", _ => (string?)_userPassword.Value);
        var (status, said) = await ShortCommand.RunAsync("/bin/sh", [Path.Combine(SolutionBinaries.Root, "deploy", "redis", "users.sh")], environment: passwords, cancel: cancel);
        return status == 0 ? said : throw new LocalStartException($"{Name}: the users of the services could not be made:\n{said}");
    }

    private string Listening() => Certificate is null ? $"port {Port}" : $"""
        port 0
        tls-port {Port}
        tls-cert-file "{Certificate.CertificatePath}"
        tls-key-file "{Certificate.KeyPath}"
        tls-auth-clients no
        """;
}
