using Im.Hosting.Health;
using Im.Hosting.Routes;
using Im.Hosting.Tls;
using Im.Local;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using StackExchange.Redis;

namespace Im.Hosting.Tests.Routes;

/// <summary>A Redis that follows another one answers, and takes nothing that is written.</summary>
public sealed class RedisRoleTests : IAsyncDisposable
{
    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("im-redis-role");
    private readonly PrivateRedis _server;

    public RedisRoleTests() => _server = new PrivateRedis(new InstancePaths(_directory.FullName));

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_Redis_that_follows_counts_as_away_until_it_leads()
    {
        await _server.StartAsync(Cancel);
        await using var operators = await ConnectionMultiplexer.ConnectAsync(_server.ConnectionString);
        // Nobody is there; it follows nevertheless.
        await operators.GetDatabase().ExecuteAsync("REPLICAOF", "127.0.0.1", "1");
        var log = new SaidAway();
        var settings = Options.Create(new ImOptions { Redis = _server.ConnectionString });
        using var connection = new RedisConnection(
            settings,
            new Dependencies(log),
            new ServerTrust(settings, TimeProvider.System, NullLogger<ServerTrust>.Instance),
            TimeProvider.System,
            NullLogger<RedisConnection>.Instance);
        var restored = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        connection.Restored += () => restored.TrySetResult();
        await connection.StartAsync(Cancel);
        try
        {
            await (await Task.WhenAny(log.Said, restored.Task)).WaitAsync(TimeSpan.FromSeconds(30), Cancel);
            Assert.False(restored.Task.IsCompleted);

            await operators.GetDatabase().ExecuteAsync("REPLICAOF", "NO", "ONE");
            await restored.Task.WaitAsync(TimeSpan.FromSeconds(90), Cancel);
        }
        finally
        {
            await connection.StopAsync(CancellationToken.None);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _server.DisposeAsync();
        _directory.Delete(recursive: true);
    }

    private sealed class SaidAway : ILogger<Dependencies>
    {
        private readonly TaskCompletionSource _said = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Task Said => _said.Task;

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            if (logLevel == LogLevel.Warning) _said.TrySetResult();
        }
    }
}
