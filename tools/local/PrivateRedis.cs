namespace Im.Local;

/// <summary>A Redis that keeps nothing on disk, behind a generated password, on one port of 127.0.0.1.</summary>
public sealed class PrivateRedis(InstancePaths paths, int port = 0) : ManagedProcess("redis", "redis", paths)
{
    private readonly string _directory = paths.Data("redis");
    private readonly Lazy<string> _password = new(() => SecretFile.ReadOrCreate(Path.Combine(paths.Data("redis"), "password")));

    public override int Port { get; } = port == 0 ? FreePort.Next() : port;

    public string Password => _password.Value;

    /// <summary>With one it speaks TLS and nothing else.</summary>
    public ServerCertificate? Certificate { get; init; }

    /// <summary>For StackExchange.Redis.</summary>
    public string ConnectionString => ConnectionStringAt(Port);

    /// <summary>For one who reaches it by another port of this machine.</summary>
    public string ConnectionStringAt(int port) => $"127.0.0.1:{port},password={Password}{(Certificate is null ? "" : ",ssl=true")}";

    public override Task<bool> IsReadyAsync(CancellationToken cancel = default) =>
        Certificate is null ? Probe.RedisAsync(Port, Password, cancel) : Probe.TcpAsync(Port, cancel);

    private protected override Task<ChildCommand> PrepareAsync(CancellationToken cancel)
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

            """);
        return Task.FromResult(new ChildCommand(Programs.Require("redis-server", "redis-server"), configuration) { LogPath = LogPath });
    }

    private string Listening() => Certificate is null ? $"port {Port}" : $"""
        port 0
        tls-port {Port}
        tls-cert-file "{Certificate.CertificatePath}"
        tls-key-file "{Certificate.KeyPath}"
        tls-auth-clients no
        """;
}
