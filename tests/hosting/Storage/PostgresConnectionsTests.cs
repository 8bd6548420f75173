using System.Net.Sockets;
using Im.Hosting.Storage;
using Npgsql;

namespace Im.Hosting.Tests.Storage;

/// <summary>What a server that has fallen behind was asked for is not thrown away: so it catches up.</summary>
public sealed class PostgresConnectionsTests(Servers servers)
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Connections_that_came_too_late_for_their_callers_serve_the_next_ones()
    {
        var server = await servers.PostgresAsync();
        await using var database = new PostgresDatabase(await servers.NewDatabaseAsync());
        server.Pause();
        try
        {
            var callers = Enumerable.Range(0, 50).Select(_ => database.ConnectAsync(Cancel).AsTask()).ToList();
            foreach (var caller in callers) Assert.True((await Assert.ThrowsAsync<NpgsqlException>(() => caller)).IsTransient);
        }
        finally
        {
            server.Resume();
        }

        // Asked on one connection alone: whatever else is there was begun for those who have left.
        await using var connection = await database.ConnectAsync(Cancel);
        await using var count = new NpgsqlCommand("SELECT count(*)::int FROM pg_stat_activity WHERE datname = current_database()", connection);
        Assert.Equal(PostgresConnections.Limit, await Patiently.UntilAsync(async () => (int)(await count.ExecuteScalarAsync(Cancel))!, there => there == PostgresConnections.Limit));
    }

    [Fact]
    public async Task Who_asks_no_longer_leaves_his_place_to_the_next()
    {
        var server = await servers.PostgresAsync();
        await using var database = new PostgresDatabase(await servers.NewDatabaseAsync());
        using var gone = new CancellationTokenSource();
        server.Pause();
        try
        {
            var callers = Enumerable.Range(0, PostgresConnections.Limit).Select(_ => database.ConnectAsync(gone.Token).AsTask()).ToList();
            await gone.CancelAsync();
            foreach (var caller in callers) await Assert.ThrowsAnyAsync<OperationCanceledException>(() => caller);
        }
        finally
        {
            server.Resume();
        }

        await using var connection = await database.ConnectAsync(Cancel);
        Assert.InRange(connection.ProcessID, 1, int.MaxValue);
    }

    [Fact]
    public async Task While_nobody_listens_it_is_said_at_once_and_every_place_comes_free()
    {
        await using var database = new PostgresDatabase("Host=127.0.0.1;Port=1;Username=im;Password=im");
        for (var number = 0; number < 2 * PostgresConnections.Limit; number++)
        {
            var refused = await Assert.ThrowsAsync<NpgsqlException>(() => database.ConnectAsync(Cancel).AsTask());
            Assert.IsType<SocketException>(refused.InnerException);
            Assert.True(refused.IsTransient);
        }
    }
}
