using System.Net;
using System.Net.Sockets;
using System.Text;
using Im.Local;
using Npgsql;

namespace Im.Tool.Tests;

/// <summary>Every server answers its real clients, keeps port and data over a kill, and leaves no process behind.</summary>
public sealed class PrivateServerTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Redis_takes_its_password_only_and_comes_back_on_its_port()
    {
        using var scratch = new Scratch();
        await using var redis = new PrivateRedis(scratch.Paths);
        await redis.StartAsync(Cancel);
        Assert.Equal("+OK\r\n+PONG\r\n", await AskAsync(redis.Port, $"AUTH {redis.Password}\r\nPING\r\n", 12));
        Assert.StartsWith("-NOAUTH", await AskAsync(redis.Port, "PING\r\n", 7), StringComparison.Ordinal);
        Assert.StartsWith("-WRONGPA", await AskAsync(redis.Port, "AUTH guess\r\n", 8), StringComparison.Ordinal);
        await KillAndReturnAsync(redis);
    }

    [Fact]
    public async Task Postgres_keeps_what_was_committed_over_a_kill()
    {
        using var scratch = new Scratch();
        await using var postgres = new PrivatePostgres(scratch.Paths);
        await postgres.StartAsync(Cancel);
        await QueryAsync(postgres, "CREATE TABLE kept (number int); INSERT INTO kept VALUES (7); SELECT number FROM kept");
        await KillAndReturnAsync(postgres);
        Assert.Equal(7, await QueryAsync(postgres, "SELECT number FROM kept"));
        Assert.Equal("on", await QueryAsync(postgres, "SHOW fsync"));
        Assert.Equal("UTF8", await QueryAsync(postgres, "SHOW server_encoding"));
        await postgres.StopAsync(Cancel);
        await postgres.StartAsync(Cancel);
        Assert.Equal(7, await QueryAsync(postgres, "SELECT number FROM kept"));
    }

    [Fact]
    public async Task Postgres_keeps_what_was_committed_over_an_immediate_shutdown()
    {
        using var scratch = new Scratch();
        await using var postgres = new PrivatePostgres(scratch.Paths);
        await postgres.StartAsync(Cancel);
        await QueryAsync(postgres, "CREATE TABLE kept (number int); INSERT INTO kept VALUES (7)");
        postgres.Quit();
        await postgres.Exited.WaitAsync(Cancel);
        await postgres.StartAsync(Cancel);
        Assert.Equal(7, await QueryAsync(postgres, "SELECT number FROM kept"));
        Assert.Contains("immediate shutdown", await File.ReadAllTextAsync(postgres.LogPath, Cancel), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Postgres_refuses_a_wrong_password()
    {
        using var scratch = new Scratch();
        await using var postgres = new PrivatePostgres(scratch.Paths);
        await postgres.StartAsync(Cancel);
        var forged = new NpgsqlConnectionStringBuilder(postgres.ConnectionString) { Password = "guess", Pooling = false }.ConnectionString;
        await using var connection = new NpgsqlConnection(forged);
        var error = await Assert.ThrowsAsync<PostgresException>(() => connection.OpenAsync(Cancel));
        Assert.Equal(PostgresErrorCodes.InvalidPassword, error.SqlState);
    }

    [Fact]
    public async Task Postgres_is_no_superuser_to_the_owner_of_its_databases()
    {
        using var scratch = new Scratch();
        await using var postgres = new PrivatePostgres(scratch.Paths);
        await postgres.StartAsync(Cancel);
        Assert.Equal("off", await QueryAsync(postgres.ConnectionString, "SHOW is_superuser"));
        Assert.Equal("on", await QueryAsync(postgres.AdministratorConnectionString, "SHOW is_superuser"));
        var another = await postgres.CreateDatabaseAsync("another", Cancel);
        Assert.Equal("another", await QueryAsync(another, "CREATE TABLE own (number int); SELECT current_database()::text"));
    }

    [Fact]
    public async Task Postgres_finds_a_place_when_its_account_cannot_reach_the_directory()
    {
        using var scratch = new Scratch();
        File.SetUnixFileMode(scratch.Root, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        await using var postgres = new PrivatePostgres(scratch.Paths);
        await postgres.StartAsync(Cancel);
        await QueryAsync(postgres, "CREATE TABLE kept (number int)");
        await postgres.StopAsync(Cancel);
        await postgres.StartAsync(Cancel);
        Assert.Equal(0L, await QueryAsync(postgres, "SELECT count(*) FROM kept"));
    }

    [Fact]
    public async Task RabbitMq_greets_and_comes_back_on_its_port()
    {
        using var scratch = new Scratch();
        await using var rabbit = new PrivateRabbitMq(scratch.Paths);
        await rabbit.StartAsync(Cancel);
        await KillAndReturnAsync(rabbit);
        Assert.Empty(await rabbit.CountQueuesAsync(Cancel));
        await rabbit.StopAsync(Cancel);
        Assert.False(rabbit.IsRunning);
        await Assert.ThrowsAsync<LocalStartException>(() => rabbit.CountQueuesAsync(Cancel));
    }

    [Fact]
    public async Task A_paused_server_is_silent_until_it_is_resumed()
    {
        using var scratch = new Scratch();
        await using var redis = new PrivateRedis(scratch.Paths);
        await redis.StartAsync(Cancel);
        Assert.False(redis.Identity!.IsStopped);
        redis.Pause();
        Assert.True(redis.Identity.IsStopped);
        Assert.False(await redis.IsReadyAsync(Cancel));
        Assert.True(redis.IsRunning);
        redis.Resume();
        await redis.WaitUntilReadyAsync(Cancel);
    }

    private static async Task KillAndReturnAsync(ManagedProcess server)
    {
        var (first, port) = (server.Identity!, server.Port);
        await server.WaitUntilReadyAsync(Cancel);
        var tree = first.Tree();
        server.Kill();
        await server.Exited.WaitAsync(Cancel);
        Assert.False(await server.IsReadyAsync(Cancel));
        await server.StartAsync(Cancel);
        Assert.All(tree, process => Assert.False(process.IsAlive));
        Assert.Equal(port, server.Port);
        Assert.NotEqual(first, server.Identity);
        await server.WaitUntilReadyAsync(Cancel);
    }

    private static Task<object?> QueryAsync(PrivatePostgres postgres, string sql) => QueryAsync(postgres.ConnectionString, sql);

    private static async Task<object?> QueryAsync(string connectionString, string sql)
    {
        var unpooled = new NpgsqlConnectionStringBuilder(connectionString) { Pooling = false }.ConnectionString;
        await using var connection = new NpgsqlConnection(unpooled);
        await connection.OpenAsync(Cancel);
        await using var command = new NpgsqlCommand(sql, connection);
        return await command.ExecuteScalarAsync(Cancel);
    }

    private static async Task<string> AskAsync(int port, string question, int length)
    {
        using var client = new TcpClient();
        await client.ConnectAsync(IPAddress.Loopback, port, Cancel);
        await client.GetStream().WriteAsync(Encoding.ASCII.GetBytes(question), Cancel);
        var answer = new byte[length];
        await client.GetStream().ReadExactlyAsync(answer, Cancel);
        return Encoding.ASCII.GetString(answer);
    }
}
