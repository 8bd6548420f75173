using Im.Local;

namespace Im.Hosting.Tests.Storage;

/// <summary>The verb that makes the tables, and services that leave it to that: as a deployment runs them, as processes before a server of their own.</summary>
public sealed class MigrationTests : IAsyncLifetime
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    private readonly InstancePaths _paths = new(Directory.CreateTempSubdirectory("im-migration-").FullName);
    private PrivatePostgres _server = null!;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public ValueTask InitializeAsync()
    {
        _server = new PrivatePostgres(_paths);
        return ValueTask.CompletedTask;
    }

    [Fact]
    public async Task A_service_that_may_not_make_its_tables_waits_until_the_owner_has()
    {
        await _server.StartAsync(Cancel);
        await _server.CreateRolesAsync(Cancel);
        await using var service = Service("session", ("Im__Database", _server.ConnectionStringAt(_server.Port, "session")), ("Im__MigrateAtStart", "false"));
        var starting = service.StartAsync(Cancel);
        await Patiently.UntilAsync(() => Task.FromResult(LogOf(service)), log => log.Contains("the verb 'migrate' makes them", StringComparison.Ordinal));
        Assert.False(await service.IsReadyAsync(Cancel));

        Assert.Equal((0, "the database is at this version, and each service's role has its rights\n"), await MigrateAsync(_server.ConnectionString, "--roles"));
        await starting.WaitAsync(Limit, Cancel);
        Assert.Contains("database answers", LogOf(service), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_role_that_is_not_there_is_named_and_nothing_is_half_done()
    {
        await _server.StartAsync(Cancel);
        var (status, said) = await MigrateAsync(_server.ConnectionString, "--roles");
        Assert.Equal((1, true), (status, said.StartsWith("cannot migrate: 42704: role \"im_gateway\" does not exist", StringComparison.Ordinal)));
        Assert.Equal((0, "the database is at this version\n"), await MigrateAsync(_server.ConnectionString));
        // Each time is as good as the first.
        Assert.Equal((0, "the database is at this version\n"), await MigrateAsync(_server.ConnectionString));
    }

    [Fact]
    public async Task It_waits_for_a_database_that_is_away()
    {
        // As a process, whose log can be read while it waits.
        var port = FreePort.Next();
        var environment = ServiceSettings.Environment(new Dictionary<string, string> { [ServiceSettings.Database] = _server.ConnectionString }, new Dictionary<string, string>());
        await using var verb = new ServiceProcess("migrate", "session", SolutionBinaries.Service("session"), port, environment, _paths) { Arguments = ["migrate"] };
        // It never serves: ready it is not, and its end ends the wait.
        var running = verb.StartAsync(Cancel);
        await Patiently.UntilAsync(() => Task.FromResult(LogOf(verb)), log => log.Contains("Trying on until the database answers", StringComparison.Ordinal));
        await _server.StartAsync(Cancel);
        await Assert.ThrowsAsync<LocalStartException>(() => running.WaitAsync(Limit, Cancel));
        Assert.EndsWith("the database is at this version\n", LogOf(verb), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Another_number_of_shards_is_refused_by_the_verb_and_by_a_service_that_waits()
    {
        await _server.StartAsync(Cancel);
        Assert.Equal(0, (await MigrateAsync(_server.ConnectionString)).Status);
        const string Reason = "the database was set up with 16 shards, this process is configured with 8";
        var (status, said) = await MigrateAsync(_server.ConnectionString, "--Im:Shards=8");
        Assert.Equal((1, true), (status, said.StartsWith($"cannot migrate: {Reason}", StringComparison.Ordinal)));

        await using var service = Service("session", ("Im__Database", _server.ConnectionString), ("Im__MigrateAtStart", "false"), ("Im__Shards", "8"));
        await Assert.ThrowsAsync<LocalStartException>(() => service.StartAsync(Cancel));
        Assert.Contains(Reason, LogOf(service), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--roles", "cannot migrate: SQLite knows no roles")]
    [InlineData("--Im:MigrateAtStart=false", "cannot start: Im:MigrateAtStart is false while Im:Database names SQLite")]
    [InlineData("--Im:Shards=0", "cannot start: Im:Shards is 0")]
    [InlineData("--role", "cannot start: '--role' is unknown, or lacks its value: migrate [--roles]")]
    [InlineData("--Im:Database=", "cannot start: Im:Database is not set")]
    public async Task What_cannot_be_is_one_line(string argument, string line)
    {
        var (status, said) = await MigrateAsync($"Data Source={Path.Combine(_paths.Root, "im.db")}", argument);
        Assert.Equal(1, status);
        Assert.StartsWith(line, Assert.Single(said.Split('\n', StringSplitOptions.RemoveEmptyEntries)), StringComparison.Ordinal);
    }

    private ServiceProcess Service(string name, params (string Name, string Value)[] settings)
    {
        var port = FreePort.Next();
        var environment = ServiceSettings.Environment(settings.ToDictionary(setting => setting.Name, setting => setting.Value),
            new Dictionary<string, string> { [ServiceSettings.HealthListen] = $"http://127.0.0.1:{port}" });
        return new ServiceProcess(name, name, SolutionBinaries.Service(name), port, environment, _paths);
    }

    private static string LogOf(ServiceProcess service) => File.Exists(service.LogPath) ? File.ReadAllText(service.LogPath) : "";

    private static Task<(int Status, string Said)> MigrateAsync(string database, params string[] arguments) => ShortCommand.RunAsync(
        SolutionBinaries.Dotnet, [SolutionBinaries.Service("session"), "migrate", .. arguments],
        environment: ServiceSettings.Environment(new Dictionary<string, string> { [ServiceSettings.Database] = database }, new Dictionary<string, string>()), cancel: Cancel);

    public async ValueTask DisposeAsync()
    {
        await _server.DisposeAsync();
        _server.DeleteData();
        Directory.Delete(_paths.Root, recursive: true);
    }
}
