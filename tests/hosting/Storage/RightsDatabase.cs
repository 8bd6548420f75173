using Im.Hosting.Storage;
using Im.Local;
using Npgsql;

namespace Im.Hosting.Tests.Storage;

/// <summary>A database with the tables of this version, the roles of the services and their rights. One for all: whatever the roles attempt is undone.</summary>
public sealed class RightsDatabase(Servers servers) : IAsyncLifetime
{
    private PrivatePostgres _server = null!;
    private string _name = "";

    /// <summary>Of each table that there is.</summary>
    public ILookup<string, string> Columns { get; private set; } = Enumerable.Empty<string>().ToLookup(name => name);

    /// <summary>Not opened yet.</summary>
    public NpgsqlConnection ConnectionOf(string service) =>
        new(new NpgsqlConnectionStringBuilder(_server.ConnectionStringAt(_server.Port, service)) { Database = _name }.ConnectionString);

    public async ValueTask InitializeAsync()
    {
        var cancel = TestContext.Current.CancellationToken;
        _server = await servers.PostgresAsync();
        await _server.CreateRolesAsync(cancel);
        var owner = await servers.NewDatabaseAsync();
        _name = new NpgsqlConnectionStringBuilder(owner).Database!;
        await using var database = new PostgresDatabase(owner);
        await new StorageSchema(database, 16).InstallAsync(withRights: true, cancel);
        await using var connection = await database.ConnectAsync(cancel);
        await using var command = new NpgsqlCommand("SELECT table_name, column_name FROM information_schema.columns WHERE table_schema = 'public'", connection);
        await using var reader = await command.ExecuteReaderAsync(cancel);
        var found = new List<(string Table, string Column)>();
        while (await reader.ReadAsync(cancel)) found.Add((reader.GetString(0), reader.GetString(1)));
        Columns = found.ToLookup(one => one.Table, one => one.Column);
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
