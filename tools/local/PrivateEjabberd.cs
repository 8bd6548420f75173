namespace Im.Local;

/// <summary>
/// An ejabberd of its own, of Debian's packages: one Erlang VM without distribution, and so without a name, a cookie and a port mapper. It listens on 127.0.0.1 only as far
/// as its configuration does. Nothing of an ejabberd that the machine has (configuration, account, data) takes part. Each start begins with empty data.
/// </summary>
public sealed class PrivateEjabberd(InstancePaths paths, int port) : ManagedProcess("ejabberd", "ejabberd", paths)
{
    private const string Package = "ejabberd", PostgresPackage = "erlang-p1-pgsql";

    private readonly string _directory = paths.Data("ejabberd");

    /// <summary>The whole of ejabberd.yml; it has to listen on <see cref="Port"/>. Kept in a file that only its owner can read.</summary>
    public required string Configuration { get; init; }

    public override int Port { get; } = port;

    /// <summary>The packages that it lacks here, as a line that says what to do; null where all of it is installed.</summary>
    /// <param name="withPostgres">Its driver for PostgreSQL, and PostgreSQL, are needed too.</param>
    public static string? Missing(bool withPostgres)
    {
        List<string> packages = [];
        if (Libraries is null || Programs.Find("erl") is null) packages.Add(Package);
        if (withPostgres && !HasDriver) packages.Add(PostgresPackage);
        if (withPostgres && Programs.FindPostgresDirectory() is null) packages.Add("postgresql");
        return packages.Count == 0 ? null : $"not installed; run: apt-get install {string.Join(' ', packages)}";
    }

    /// <summary>The statements that make its tables in PostgreSQL, as the package has them.</summary>
    /// <exception cref="LocalStartException">It is not installed.</exception>
    public static Task<string> ReadSchemaAsync(CancellationToken cancel = default) =>
        File.ReadAllTextAsync(Programs.RequireFile("/usr/share/ejabberd/sql/pg.sql", Package), cancel);

    public override Task<bool> IsReadyAsync(CancellationToken cancel = default) => Probe.TcpAsync(Port, cancel);

    private protected override Task<ChildCommand> PrepareAsync(CancellationToken cancel)
    {
        var libraries = Libraries ?? throw Programs.Missing("ejabberd", Package);
        if (Directory.Exists(_directory)) Directory.Delete(_directory, recursive: true);
        Directory.CreateDirectory(_directory);
        var configuration = Path.Combine(_directory, "ejabberd.yml");
        SecretFile.Write(configuration, Configuration);
        return Task.FromResult(new ChildCommand(
            Programs.Require("erl", Package),
            // As ejabberdctl starts it.
            "+K", "true", "+P", "250000",
            // As the private RabbitMQ: two cores are shared with everything else, and an idle scheduler that spins would be counted as work.
            "+sbwt", "none", "+sbwtdcpu", "none", "+sbwtdio", "none",
            // Below the working directory: an absolute path would have to be written as a term of Erlang.
            "-noinput", "-mnesia", "dir", "\"mnesia\"", "-s", "ejabberd")
        {
            LogPath = LogPath,
            WorkingDirectory = _directory,
            Environment = Settings(libraries, configuration),
        });
    }

    private Dictionary<string, string?> Settings(string libraries, string configuration) => new()
    {
        ["HOME"] = _directory,
        ["ERL_LIBS"] = libraries,
        ["ERL_FLAGS"] = null,
        ["ERL_AFLAGS"] = null,
        ["ERL_ZFLAGS"] = null,
        ["ERL_INETRC"] = null,
        ["ERL_MAX_PORTS"] = "32000",
        ["ERL_CRASH_DUMP"] = Path.Combine(_directory, "erl_crash.dump"),
        ["EJABBERD_CONFIG_PATH"] = configuration,
        ["EJABBERD_LOG_PATH"] = Path.Combine(_directory, "log", "ejabberd.log"),
        ["EJABBERD_PID_PATH"] = null,
        ["CONTRIB_MODULES_PATH"] = null,
        ["CONTRIB_MODULES_CONF_DIR"] = null,
    };

    /// <summary>The directory with the package's code, which is below the name of the architecture; null where there is none.</summary>
    private static string? Libraries =>
        Directory.EnumerateDirectories("/usr/lib", "*-linux-gnu*").FirstOrDefault(directory => Directory.EnumerateDirectories(directory, "ejabberd-*").Any());

    private static bool HasDriver => Directory.Exists("/usr/lib/erlang/lib") && Directory.EnumerateDirectories("/usr/lib/erlang/lib", "p1_pgsql-*").Any();
}
