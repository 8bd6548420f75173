namespace Im.Local;

/// <summary>A Redis that keeps nothing on disk, behind a generated password, on one port of 127.0.0.1.</summary>
public sealed class PrivateRedis(InstancePaths paths, int port = 0) : ManagedProcess("redis", "redis", paths)
{
    private readonly string _directory = paths.Data("redis");
    private readonly Lazy<string> _password = new(() => SecretFile.ReadOrCreate(Path.Combine(paths.Data("redis"), "password")));

    public override int Port { get; } = port == 0 ? FreePort.Next() : port;

    public string Password => _password.Value;

    /// <summary>For StackExchange.Redis.</summary>
    public string ConnectionString => $"127.0.0.1:{Port},password={Password}";

    public override Task<bool> IsReadyAsync(CancellationToken cancel = default) => Probe.RedisAsync(Port, Password, cancel);

    private protected override Task<ChildCommand> PrepareAsync(CancellationToken cancel)
    {
        var configuration = Path.Combine(_directory, "redis.conf");
        SecretFile.Write(configuration, $"""
            bind 127.0.0.1
            port {Port}
            requirepass {Password}
            dir "{_directory}"
            save ""
            appendonly no
            daemonize no

            """);
        return Task.FromResult(new ChildCommand(Programs.Require("redis-server", "redis-server"), configuration) { LogPath = LogPath });
    }
}
