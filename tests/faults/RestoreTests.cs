using Im.Local;
using Npgsql;

namespace Im.Faults.Tests;

/// <summary>
/// All is gone but a backup of the database: a new system starts from it by the steps of <c>docs/operations.md</c>, at the old addresses. Clients that hold more
/// than it does find out, load again and are complete.
/// </summary>
public sealed class RestoreTests : IAsyncDisposable
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(45);
    private readonly string _directory = TestInstances.Create("restore");

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Clients_that_were_ahead_of_the_backup_load_again_and_are_complete()
    {
        var options = new FullClusterOptions
        {
            Directory = Path.Combine(_directory, "old"),
            GatewayListen = [$"http://127.0.0.1:{FreePort.Next()}", $"http://127.0.0.1:{FreePort.Next()}"],
        };
        var backup = Path.Combine(_directory, "backup");
        await using var pair = new Pair();
        await using (var system = await FullCluster.StartAsync(options, Cancel))
        {
            await pair.LogInAsync(system, Cancel);
            await pair.SayAsync(["1", "2", "3"], Cancel);
            Assert.Equal(["1", "2", "3"], await pair.HeardUntilAsync("3", Limit, Cancel));
            await BackUpAsync(system.Postgres, backup);
            await pair.SayAsync(["lost", "lost too"], Cancel);
            Assert.Equal(["lost", "lost too"], await pair.HeardUntilAsync("lost too", Limit, Cancel));
        }

        options = options with { Directory = Path.Combine(_directory, "new") };
        await using (var postgres = new PrivatePostgres(new InstancePaths(options.Directory)))
        {
            await postgres.StartAsync(Cancel);
            await RestoreAsync(postgres, backup);
        }

        await using var restored = await FullCluster.StartAsync(options, Cancel);
        await pair.LogsAreResetAsync(Limit, Cancel);
        // The places of what is lost are given anew, and who held them has to take what stands there now.
        await pair.SayAsync(["4", "5"], Cancel);
        string[] all = ["1", "2", "3", "4", "5"];
        var heard = await pair.HeardUntilAsync("5", Limit, Cancel);
        // From his stored cursor on: what he had acknowledged just before the backup may come once more.
        Assert.Equal(all[^heard.Count..], heard);
        Assert.Equal(all, await pair.HistoryAsync(Cancel));
    }

    public ValueTask DisposeAsync()
    {
        Directory.Delete(_directory, recursive: true);
        GC.SuppressFinalize(this);
        return ValueTask.CompletedTask;
    }

    private static Task BackUpAsync(PrivatePostgres server, string file) => RunAsync(server, "pg_dump", "--format=custom", $"--file={file}");

    private static async Task RestoreAsync(PrivatePostgres server, string file)
    {
        await RunAsync(server, "pg_restore", "--exit-on-error", "--no-owner", "--no-privileges", "--role=im", "--dbname=im", file);
        await using var connection = new NpgsqlConnection(server.ConnectionString);
        await connection.OpenAsync(Cancel);
        await using var mark = new NpgsqlCommand("UPDATE settings SET value = gen_random_uuid() WHERE name = 'log'", connection);
        Assert.Equal(1, await mark.ExecuteNonQueryAsync(Cancel));
    }

    private static async Task RunAsync(PrivatePostgres server, string program, params string[] arguments)
    {
        var address = new NpgsqlConnectionStringBuilder(server.AdministratorConnectionString);
        var environment = new Dictionary<string, string?>
        {
            ["PGHOST"] = address.Host,
            ["PGPORT"] = $"{address.Port}",
            ["PGUSER"] = address.Username,
            ["PGPASSWORD"] = address.Password,
            ["PGDATABASE"] = address.Database,
        };
        var (status, said) = await ShortCommand.RunAsync(Path.Combine(Programs.FindPostgresDirectory()!, program), arguments, environment: environment, cancel: Cancel);
        Assert.True(status == 0, $"{program} ended with status {status}:\n{said}");
    }
}
