namespace Im.Local;

/// <summary>
/// A PostgreSQL cluster of its own with one database "im": TCP on 127.0.0.1 only, scram passwords, fsync on. The database belongs to an ordinary role, as in
/// production: what needs more rights has to show here.
/// PostgreSQL refuses to run as root: then it runs as "postgres", and its data move below the system's temporary directory
/// if that user cannot reach the directory of the caller.
/// </summary>
public sealed class PrivatePostgres : ManagedProcess
{
    private const string Owner = "im", Database = "im", Administrator = "postgres", UnprivilegedAccount = "postgres", AdministratorPasswordFile = "administrator-password";
    private static readonly string? Account = Native.IsRoot ? UnprivilegedAccount : null;

    private readonly string _directory;
    private readonly Lazy<string> _password, _rolePassword, _administratorPassword;

    public PrivatePostgres(InstancePaths paths, int port = 0) : base("postgres", "postgres", paths)
    {
        Port = port == 0 ? FreePort.Next() : port;
        _directory = paths.Data("postgres");
        _password = new(() => SecretFile.ReadOrCreate(Path.Combine(_directory, "password")));
        _rolePassword = new(() => SecretFile.ReadOrCreate(Path.Combine(_directory, "role-password")));
        _administratorPassword = new(() => SecretFile.ReadOrCreate(Path.Combine(_directory, AdministratorPasswordFile)));
    }

    public override int Port { get; }

    /// <summary>With one it offers TLS, and still takes who comes without.</summary>
    public ServerCertificate? Certificate { get; init; }

    /// <summary>For Npgsql, as the owner of the database.</summary>
    public string ConnectionString => ConnectionStringAt(Port);

    /// <summary>As superuser: for what nobody does who only owns a database.</summary>
    public string AdministratorConnectionString => ConnectionStringFor(Administrator, _administratorPassword.Value, Port);

    /// <summary>For one who reaches it by another port of this machine.</summary>
    public string ConnectionStringAt(int port) => ConnectionStringFor(Owner, _password.Value, port);

    /// <summary>The same for a service, which comes as the role that <see cref="CreateRolesAsync"/> has made for it.</summary>
    public string ConnectionStringAt(int port, string service) => ConnectionStringFor(RoleOf(service), _rolePassword.Value, port);

    private string ConnectionStringFor(string user, string password, int port) =>
        $"Host=127.0.0.1;Port={port};Username={user};Password={password};Database={Database}" + (Certificate is null ? "" : ";SSL Mode=VerifyFull");

    private static string RoleOf(string service) => "im_" + service;

    public override Task<bool> IsReadyAsync(CancellationToken cancel = default) => Probe.PostgresAsync(Port, cancel);

    /// <summary>Makes a role for each service, with no right yet but to connect; of one that is there the password is set anew.</summary>
    /// <exception cref="LocalStartException">The running server refuses it.</exception>
    public Task CreateRolesAsync(CancellationToken cancel = default) => AdministerAsync(
        string.Concat(Services.All.Select(RoleOf).Select(role => $"""
            SELECT 'CREATE ROLE {role} LOGIN' WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = '{role}') \gexec
            ALTER ROLE {role} PASSWORD '{_rolePassword.Value}';

            """)),
        cancel);

    /// <summary>Another empty database of the same owner.</summary>
    /// <returns>Its connection string.</returns>
    /// <exception cref="LocalStartException">The running server refuses it.</exception>
    public async Task<string> CreateDatabaseAsync(string name, CancellationToken cancel = default)
    {
        await AdministerAsync($"CREATE DATABASE {name} OWNER {Owner}", cancel);
        return ConnectionString.Replace($"Database={Database}", $"Database={name}", StringComparison.Ordinal);
    }

    private async Task AdministerAsync(string sql, CancellationToken cancel)
    {
        var psql = Path.Combine(Programs.FindPostgresDirectory() ?? throw Programs.Missing("PostgreSQL", "postgresql"), "psql");
        var environment = new Dictionary<string, string?> { ["PGPASSWORD"] = _administratorPassword.Value };
        string[] arguments = ["--no-psqlrc", "--quiet", "--set=ON_ERROR_STOP=1", "--host=127.0.0.1", $"--port={Port}", $"--username={Administrator}", $"--dbname={Database}"];
        var (status, said) = await ShortCommand.RunAsync(psql, arguments, sql, environment, cancel);
        if (status != 0) throw new LocalStartException($"{Name}: what its administrator asked for was refused:\n{said}");
    }

    // SIGTERM would wait for every client to leave.
    private protected override Signal StopSignal => Signal.Interrupt;

    /// <summary>The immediate shutdown (SIGQUIT): no checkpoint, no word to clients, recovery at the next start. Does not wait.</summary>
    public void Quit() => Identity?.Signal(Signal.Quit);

    /// <summary>Deletes all data of the stopped server; the next start begins with an empty database.</summary>
    public void DeleteData() => DeleteData(_directory);

    internal static void DeleteData(InstancePaths paths) => DeleteData(paths.Data("postgres"));

    private static void DeleteData(string directory)
    {
        var location = LocationFile(directory);
        if (File.Exists(location))
            DeleteDirectory(File.ReadAllText(location));
        DeleteDirectory(directory);
    }

    /// <summary>Says where the data are when they are not in the directory itself.</summary>
    private static string LocationFile(string directory) => Path.Combine(directory, "location");

    private protected override async Task<ChildCommand> PrepareAsync(CancellationToken cancel)
    {
        var programs = Programs.FindPostgresDirectory() ?? throw Programs.Missing("PostgreSQL", "postgresql");
        var home = await FindHomeAsync(cancel);
        var data = Path.Combine(home, "data");
        if (!File.Exists(Path.Combine(home, "complete")))
            await CreateAsync(programs, home, data, cancel);
        else if (!File.Exists(Path.Combine(_directory, AdministratorPasswordFile)))
            throw new LocalStartException($"{Name}: {home} is of an earlier version, in which im was superuser; delete {_directory} to begin with an empty database");
        await PostgresLeftovers.GoneAsync(data, cancel);
        string[] settings =
        [
            $"port={Port}", "listen_addresses=127.0.0.1", "unix_socket_directories=", "max_connections=200",
            // Details of an error would repeat the values of the row.
            "log_error_verbosity=terse",
            .. Certificate is null ? [] : await CopyAsync(Certificate, home, cancel),
        ];
        return new ChildCommand(Path.Combine(programs, "postgres"), ["-D", data, .. settings.SelectMany(setting => (string[])["-c", setting])])
        {
            LogPath = LogPath,
            RunAs = Account,
        };
    }

    /// <summary>It takes no key that belongs to others or that others can read.</summary>
    private async Task<string[]> CopyAsync(ServerCertificate certificate, string home, CancellationToken cancel)
    {
        var (shown, key) = (Path.Combine(home, "server.crt"), Path.Combine(home, "server.key"));
        SecretFile.Write(shown, await File.ReadAllTextAsync(certificate.CertificatePath, cancel));
        SecretFile.Write(key, await File.ReadAllTextAsync(certificate.KeyPath, cancel));
        if (Account is not null)
            await RunAsync("chown", [Account, shown, key], "", cancel);
        return ["ssl=on", $"ssl_cert_file={shown}", $"ssl_key_file={key}"];
    }

    /// <summary>The directory that the server's account owns and reaches.</summary>
    private async Task<string> FindHomeAsync(CancellationToken cancel)
    {
        if (Account is null)
            return _directory;
        var location = LocationFile(_directory);
        if (File.Exists(location) && await File.ReadAllTextAsync(location, cancel) is var known && await IsUsableAsync(known, cancel))
            return known;
        var home = Path.Combine(_directory, "home");
        Directory.CreateDirectory(home);
        await RunAsync("chown", [Account, home], "", cancel);
        if (!await IsUsableAsync(home, cancel))
        {
            home = Directory.CreateTempSubdirectory("im-postgres-").FullName;
            await RunAsync("chown", [Account, home], "", cancel);
        }
        await File.WriteAllTextAsync(location, home, cancel);
        return home;
    }

    private static async Task<bool> IsUsableAsync(string directory, CancellationToken cancel) =>
        await ShortCommand.RunAsync(Programs.Require("setpriv", "util-linux"), [.. ChildCommand.AccountArguments(Account), "--", "test", "-w", directory], cancel: cancel) == (0, "");

    private async Task CreateAsync(string programs, string home, string data, CancellationToken cancel)
    {
        // What a start that was killed here left is no cluster.
        DeleteDirectory(data);
        Directory.CreateDirectory(home);
        var account = ChildCommand.AccountArguments(Account);
        var passwordFile = Path.Combine(home, "initial-password");
        SecretFile.Write(passwordFile, _administratorPassword.Value + "\n");
        if (Account is not null)
            await RunAsync("chown", [Account, passwordFile], "", cancel);
        await RunAsync("setpriv", [.. account, "--", Path.Combine(programs, "initdb"), "-D", data, "-U", Administrator, "--auth=scram-sha-256",
            $"--pwfile={passwordFile}", "--encoding=UTF8", "--locale=C.UTF-8"], "", cancel);
        File.Delete(passwordFile);
        await RunAsync("setpriv", [.. account, "--", Path.Combine(programs, "postgres"), "--single", "-D", data, "postgres"], $"CREATE ROLE {Owner} LOGIN PASSWORD '{_password.Value}'\nCREATE DATABASE {Database} OWNER {Owner}\n", cancel);
        await File.WriteAllTextAsync(Path.Combine(home, "complete"), "", cancel);
    }

    private static void DeleteDirectory(string path)
    {
        if (Directory.Exists(path))
            Directory.Delete(path, recursive: true);
    }

    private async Task RunAsync(string file, string[] arguments, string input, CancellationToken cancel)
    {
        var (status, output) = await ShortCommand.RunAsync(Programs.Require(file, "util-linux"), arguments, input, cancel: cancel);
        if (status != 0)
            throw new LocalStartException($"{Name}: {file} {string.Join(' ', arguments)} failed with status {status}:\n{output}");
    }
}
