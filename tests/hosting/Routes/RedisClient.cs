using Im.Hosting.Health;
using Im.Hosting.Routes;
using Im.Hosting.Tls;
using Im.Local;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using StackExchange.Redis;

namespace Im.Hosting.Tests.Routes;

/// <summary>A process's connection to the test's Redis.</summary>
public sealed class RedisClient : IAsyncDisposable
{
    private RedisClient(RedisConnection connection) => Connection = connection;

    public RedisConnection Connection { get; }

    /// <param name="service">Whose user it comes as; null for the one who may do everything.</param>
    public static async Task<RedisClient> OpenAsync(PrivateRedis server, string? service = null)
    {
        var settings = Options.Create(new ImOptions { Redis = service is null ? server.ConnectionString : server.ConnectionStringAt(server.Port, service) });
        var connection = new RedisConnection(
            settings,
            new Dependencies(NullLogger<Dependencies>.Instance),
            new ServerTrust(settings, TimeProvider.System, NullLogger<ServerTrust>.Instance),
            TimeProvider.System,
            NullLogger<RedisConnection>.Instance);
        var client = new RedisClient(connection);
        var up = client.RestoredAsync();
        await connection.StartAsync(TestContext.Current.CancellationToken);
        await up;
        return client;
    }

    /// <summary>Completes when Redis answers the next time that it was away.</summary>
    public Task RestoredAsync()
    {
        var restored = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        Connection.Restored += () => restored.TrySetResult();
        // With the start of Redis in between, which takes its time on a busy machine.
        return restored.Task.WaitAsync(TimeSpan.FromSeconds(90), TestContext.Current.CancellationToken);
    }

    public Task<T> RunAsync<T>(Func<IDatabase, Task<T>> call) =>
        Patiently.UntilAsync(() => Connection.RunAsync(call, TestContext.Current.CancellationToken));

    public async ValueTask DisposeAsync()
    {
        await Connection.StopAsync(CancellationToken.None);
        Connection.Dispose();
    }
}
