using Im.Accounts.Tests.Hosts;
using Im.Local;

[assembly: AssemblyFixture(typeof(PostgresServer))]

namespace Im.Accounts.Tests.Hosts;

/// <summary>A PostgreSQL of our own, started for the first test that asks for a database and stopped with the last one.</summary>
public sealed class PostgresServer : IAsyncDisposable
{
    private readonly ScratchDirectory _directory = new();
    private readonly Lazy<Task<PrivatePostgres>> _server;

    public PostgresServer() => _server = new(async () =>
    {
        var server = new PrivatePostgres(_directory.Paths);
        await server.StartAsync();
        return server;
    });

    /// <summary>The connection string of a new, empty database.</summary>
    public async Task<string> NewDatabaseAsync()
    {
        var server = await _server.Value;
        return await server.CreateDatabaseAsync("test_" + Guid.NewGuid().ToString("N"));
    }

    public async ValueTask DisposeAsync()
    {
        if (_server.IsValueCreated)
        {
            var server = await _server.Value;
            await server.StopAsync();
            await server.DisposeAsync();
        }

        _directory.Dispose();
    }
}
