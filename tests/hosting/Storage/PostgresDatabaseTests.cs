using Im.Hosting.Storage;

namespace Im.Hosting.Tests.Storage;

public sealed class PostgresDatabaseTests(Servers servers) : DatabaseSpec
{
    private string? _connectionString;

    protected override async Task<Database> OpenAsync() => new PostgresDatabase(_connectionString ??= await servers.NewDatabaseAsync());
}
