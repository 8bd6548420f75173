using System.Data.Common;
using Dapper;
using Im.Contracts;
using Im.Hosting.Storage;

namespace Im.Hosting.Tests.Storage;

/// <summary>What both databases do alike.</summary>
public abstract partial class DatabaseSpec : IAsyncLifetime
{
    private readonly List<Database> _opened = [];
    private Database? _database;

    protected static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private Database Store => _database!;

    /// <summary>Empty at first. A second one opens the same data, as another process would.</summary>
    protected abstract Task<Database> OpenAsync();

    public async ValueTask InitializeAsync()
    {
        ConversationIdColumn.Register();
        _database = await OpenOneAsync();
    }

    public async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        foreach (var database in _opened)
        {
            if (database is IAsyncDisposable asynchronous) await asynchronous.DisposeAsync();
            else (database as IDisposable)?.Dispose();
        }
    }

    [Fact]
    public async Task Migrating_again_changes_nothing()
    {
        await MigrateAsync(Store);
        await Store.WriteAsync(connection => connection.ExecuteAsync("INSERT INTO settings (name, value) VALUES ('kept', 'yes')"), Cancel);
        await MigrateAsync(Store);
        Assert.Equal("yes", await ScalarAsync<string>("SELECT value FROM settings WHERE name = 'kept'"));
        Assert.Equal(StorageSchema.Scripts().Count, await ScalarAsync<long>("SELECT count(*) FROM migrations"));
    }

    [Fact]
    public async Task Two_processes_that_migrate_at_once_both_find_the_schema()
    {
        var other = await OpenOneAsync();
        await Task.WhenAll(MigrateAsync(Store), MigrateAsync(other));
        Assert.Equal(0, await ScalarAsync<long>("SELECT count(*) FROM messages"));
    }

    [Fact]
    public async Task A_script_that_fails_leaves_nothing_behind()
    {
        var scripts = new List<(string, string)> { ("0001", "CREATE TABLE half (id bigint); INSERT INTO nowhere VALUES (1)") };
        await Assert.ThrowsAnyAsync<DbException>(() => Store.MigrateAsync(scripts, null, Cancel));
        await Assert.ThrowsAnyAsync<DbException>(() => ScalarAsync<long>("SELECT count(*) FROM half"));
    }

    public static TheoryData<long, long> Conversations => new() { { 1, 1 }, { 1, 2 }, { 12, long.MaxValue }, { long.MaxValue, long.MaxValue }, { 0, 7 }, { 0, long.MaxValue } };

    [Theory]
    [MemberData(nameof(Conversations))]
    public async Task A_conversation_id_comes_back_from_its_column(long high, long low)
    {
        await MigrateAsync(Store);
        var id = new ConversationId(high, low);
        await Store.WriteAsync(
            connection => connection.ExecuteAsync(
                "INSERT INTO members (conversation, user_id, from_seq, place) VALUES (@id, 1, 1, 1)", new { id }),
            Cancel);
        Assert.Equal(id, await ScalarAsync<ConversationId>("SELECT conversation FROM members WHERE conversation = @id", new { id }));
    }

    [Fact]
    public async Task A_list_of_numbers_finds_exactly_those()
    {
        await MigrateAsync(Store);
        await Store.WriteAsync(
            connection => connection.ExecuteAsync($"INSERT INTO last_seen (user_id, seen_at) VALUES (1, 10), (2, 20), (3, 30), ({long.MaxValue}, 40)"), Cancel);
        await using var connection = await Store.OpenAsync(Cancel);
        var sql = $"SELECT seen_at FROM last_seen WHERE {Store.AnyOf("user_id", "@users")} ORDER BY seen_at";
        Assert.Equal([10, 30, 40], await connection.QueryAsync<long>(sql, new { users = Store.List([3, 1, long.MaxValue, 99]) }));
        Assert.Empty(await connection.QueryAsync<long>(sql, new { users = Store.List(Array.Empty<long>()) }));
    }

    [Fact]
    public async Task A_transaction_that_throws_is_undone_whole()
    {
        await MigrateAsync(Store);
        await Assert.ThrowsAsync<InvalidOperationException>(() => Store.TransactAsync<int>(
            async (connection, transaction) =>
            {
                await connection.ExecuteAsync("INSERT INTO settings (name, value) VALUES ('gone', '1')", transaction: transaction);
                throw new InvalidOperationException("the test's work fails");
            },
            Cancel));
        Assert.Equal(0, await ScalarAsync<long>("SELECT count(*) FROM settings WHERE name = 'gone'"));
    }

    [Fact]
    public async Task A_repeated_key_is_told_from_other_faults()
    {
        await MigrateAsync(Store);
        const string Insert = "INSERT INTO settings (name, value) VALUES ('one', '1')";
        await Store.WriteAsync(connection => connection.ExecuteAsync(Insert), Cancel);
        var repeated = await Assert.ThrowsAnyAsync<DbException>(() => Store.WriteAsync(connection => connection.ExecuteAsync(Insert), Cancel));
        var missing = await Assert.ThrowsAnyAsync<DbException>(
            () => Store.WriteAsync(connection => connection.ExecuteAsync("INSERT INTO settings (name, value) VALUES ('two', NULL)"), Cancel));
        Assert.True(Store.IsUniqueViolation(repeated));
        Assert.False(Store.IsUniqueViolation(missing));
    }

    [Fact]
    public async Task Epochs_rise_over_all_instances()
    {
        await MigrateAsync(Store);
        var last = 0L;
        for (var i = 0; i < 20; i++)
        {
            var epoch = await Store.NextEpochAsync(Cancel);
            Assert.True(epoch > last, $"{epoch} after {last}");
            last = epoch;
        }

        var later = await OpenOneAsync();
        Assert.True(await later.NextEpochAsync(Cancel) > last);
    }

    [Fact]
    public async Task Writers_at_once_all_get_through()
    {
        await MigrateAsync(Store);
        // As many at once as there are connections: whoever waits for one of those is refused after three seconds.
        foreach (var wave in Enumerable.Range(0, 50).Chunk(10))
        {
            await Task.WhenAll(wave.Select(i => Store.TransactAsync(
                (connection, transaction) => connection.ExecuteAsync("INSERT INTO last_seen (user_id, seen_at) VALUES (@i, 1)", new { i }, transaction), Cancel)));
        }

        Assert.Equal(50, await ScalarAsync<long>("SELECT count(*) FROM last_seen"));
    }

    [Fact]
    public async Task The_clock_of_the_database_tells_milliseconds()
    {
        var now = await ScalarAsync<long>($"SELECT {Store.Now}");
        Assert.InRange(now - DateTimeOffset.UtcNow.ToUnixTimeMilliseconds(), -5000, 5000);
    }

    private static Task MigrateAsync(Database database) => database.MigrateAsync(StorageSchema.Scripts(), null, Cancel);

    private async Task<Database> OpenOneAsync()
    {
        var database = await OpenAsync();
        _opened.Add(database);
        return database;
    }

    private async Task<T?> ScalarAsync<T>(string sql, object? parameters = null)
    {
        await using var connection = await Store.OpenAsync(Cancel);
        return await connection.QuerySingleAsync<T>(sql, parameters);
    }
}
