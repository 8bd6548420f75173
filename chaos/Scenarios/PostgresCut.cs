using Npgsql;

namespace Im.Chaos.Scenarios;

/// <summary>The server ends every connection, and the new ones again: as a pooler that is restarted, or an administrator in a hurry.</summary>
public sealed class PostgresCut : IScenario
{
    private const int Times = 10;

    private static readonly TimeSpan Every = TimeSpan.FromSeconds(2);

    public string Name => "postgres-cut";

    public string About => "all connections of PostgreSQL ended by it, every 2 s for 20 s";

    public TimeSpan Length => Times * Every;

    public Task RunAsync(Stage stage, CancellationToken cancel) => stage.BreakAsync(
        "all connections of postgres ended, every 2 s for 20 s", accepting: true, () => Task.CompletedTask, () => EndAllAsync(stage, cancel), () => Task.CompletedTask);

    private static async Task EndAllAsync(Stage stage, CancellationToken cancel)
    {
        await using var connection = new NpgsqlConnection(stage.System.Cluster.Postgres.AdministratorConnectionString + ";Pooling=false");
        await connection.OpenAsync(cancel);
        for (var time = 0; time < Times; time++)
        {
            await using var end = new NpgsqlCommand(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid <> pg_backend_pid() AND backend_type = 'client backend'", connection);
            await end.ExecuteNonQueryAsync(cancel);
            await Task.Delay(Every, stage.Time, cancel);
        }
    }
}
