using Im.Local;

// The tests kill and freeze the servers that they share: one after the other.
[assembly: CollectionBehavior(DisableTestParallelization = true)]
[assembly: AssemblyFixture(typeof(Im.Hosting.Tests.Servers))]

namespace Im.Hosting.Tests;

/// <summary>Real servers of this test run, each started when the first test asks for it. Whoever kills one starts it again.</summary>
public sealed class Servers : IAsyncDisposable
{
    private readonly InstancePaths _paths = new(Directory.CreateTempSubdirectory("im-hosting-tests-").FullName);
    private PrivateRabbitMq? _rabbit;
    private PrivateRedis? _redis;
    private PrivatePostgres? _postgres;

    public async Task<PrivateRabbitMq> RabbitAsync() => await RunningAsync(_rabbit ??= new PrivateRabbitMq(_paths));

    public async Task<PrivateRedis> RedisAsync() => await RunningAsync(_redis ??= new PrivateRedis(_paths));

    public async Task<PrivatePostgres> PostgresAsync() => await RunningAsync(_postgres ??= new PrivatePostgres(_paths));

    /// <summary>Connection string of an empty database of its own.</summary>
    public async Task<string> NewDatabaseAsync()
    {
        var server = await PostgresAsync();
        return await server.CreateDatabaseAsync("test_" + Guid.NewGuid().ToString("N"), TestContext.Current.CancellationToken);
    }

    private static async Task<T> RunningAsync<T>(T server)
        where T : ManagedProcess
    {
        await server.StartAsync(TestContext.Current.CancellationToken);
        return server;
    }

    public async ValueTask DisposeAsync()
    {
        if (_rabbit is not null) await _rabbit.DisposeAsync();
        if (_redis is not null) await _redis.DisposeAsync();
        if (_postgres is not null)
        {
            await _postgres.DisposeAsync();
            _postgres.DeleteData();
        }

        Directory.Delete(_paths.Root, recursive: true);
    }
}
