using Dapper;
using Im.Hosting.Storage;
using Npgsql;

namespace Im.Hosting.Tests.Storage;

public sealed class PostgresDatabaseTests(Servers servers) : DatabaseSpec
{
    private readonly string _name = "test_" + Guid.NewGuid().ToString("N");

    protected override async Task<Database> OpenAsync()
    {
        var server = await servers.PostgresAsync();
        return new PostgresDatabase(new NpgsqlConnectionStringBuilder(server.ConnectionString) { Database = _name }.ConnectionString);
    }

    protected override async Task EmptyAsync()
    {
        var server = await servers.PostgresAsync();
        await using var connection = new NpgsqlConnection(server.ConnectionString);
        await connection.ExecuteAsync($"CREATE DATABASE {_name}");
    }
}
