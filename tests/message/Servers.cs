using Im.Local;

[assembly: AssemblyFixture(typeof(Im.Message.Tests.Servers))]

namespace Im.Message.Tests;

/// <summary>The real PostgreSQL of this test run, started when the first test asks for it.</summary>
public sealed class Servers : IAsyncDisposable
{
    private readonly InstancePaths _paths = new(Directory.CreateTempSubdirectory("im-message-tests-").FullName);
    private readonly SemaphoreSlim _starting = new(1, 1);
    private PrivatePostgres? _postgres;

    public async Task<PrivatePostgres> PostgresAsync()
    {
        await _starting.WaitAsync(TestContext.Current.CancellationToken);
        try
        {
            if (_postgres is not null) return _postgres;
            var server = new PrivatePostgres(_paths);
            await server.StartAsync(TestContext.Current.CancellationToken);
            return _postgres = server;
        }
        finally
        {
            _starting.Release();
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (_postgres is not null)
        {
            await _postgres.DisposeAsync();
            _postgres.DeleteData();
        }

        _starting.Dispose();
        Directory.Delete(_paths.Root, recursive: true);
    }
}
