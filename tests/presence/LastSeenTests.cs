using Dapper;
using Im.Hosting.Storage;
using Im.Presence.Seen;
using Microsoft.Extensions.Logging.Abstractions;

namespace Im.Presence.Tests;

/// <summary>Last seen in both databases, and what the two buffers before it hold back.</summary>
public abstract class LastSeenSpec : IAsyncLifetime
{
    private LastSeenTable? _table;

    protected static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private LastSeenTable Table => _table!;

    protected abstract Task<Database> OpenAsync();

    public async ValueTask InitializeAsync()
    {
        var database = await OpenAsync();
        await database.WriteAsync(connection => connection.ExecuteAsync("CREATE TABLE last_seen (user_id bigint PRIMARY KEY, seen_at bigint NOT NULL)"), Cancel);
        _table = new LastSeenTable(database);
    }

    public abstract ValueTask DisposeAsync();

    [Fact]
    public async Task It_moves_forward_and_never_back()
    {
        await Table.WriteAsync(new Dictionary<long, long> { [1] = 100, [2] = 100 }, Cancel);
        await Table.WriteAsync(new Dictionary<long, long> { [2] = 300, [1] = 50, [3] = 7 }, Cancel);
        var seen = await Table.ReadAsync([1, 2, 3, 4], Cancel);
        Assert.Equal([(1, 100), (2, 300), (3, 7)], seen.Select(one => (one.Key, one.Value)).Order());
    }

    [Fact]
    public async Task What_was_noted_is_written_once_with_the_latest_time()
    {
        var writer = new LastSeenWriter(Table, NullLogger<LastSeenWriter>.Instance);
        for (var user = 1; user <= 1200; user++)
        {
            writer.Note(user, 200);
            writer.Note(user, 100);
        }

        await writer.FlushAsync(Cancel);
        var seen = await Table.ReadAsync([.. Enumerable.Range(1, 1200).Select(user => (long)user)], Cancel);
        Assert.Equal(1200, seen.Count);
        Assert.All(seen.Values, at => Assert.Equal(200, at));
    }
}

public sealed class SqliteLastSeenTests : LastSeenSpec
{
    private readonly string _folder = Directory.CreateTempSubdirectory("im-last-seen-").FullName;
    private SqliteDatabase? _database;

    protected override Task<Database> OpenAsync() => Task.FromResult<Database>(_database = new SqliteDatabase($"Data Source={Path.Combine(_folder, "im.db")}"));

    public override ValueTask DisposeAsync()
    {
        _database?.Dispose();
        Directory.Delete(_folder, recursive: true);
        GC.SuppressFinalize(this);
        return ValueTask.CompletedTask;
    }

    [Fact]
    public async Task While_the_database_fails_it_is_kept_and_written_later()
    {
        var database = await OpenAsync();
        await database.WriteAsync(connection => connection.ExecuteAsync("ALTER TABLE last_seen RENAME TO away"), Cancel);
        var table = new LastSeenTable(database);
        var writer = new LastSeenWriter(table, NullLogger<LastSeenWriter>.Instance, capacity: 2);
        writer.Note(1, 100);
        writer.Note(2, 100);
        writer.Note(3, 100);
        await writer.FlushAsync(Cancel);
        await database.WriteAsync(connection => connection.ExecuteAsync("ALTER TABLE away RENAME TO last_seen"), Cancel);
        await writer.FlushAsync(Cancel);
        Assert.Equal([1, 2], (await table.ReadAsync([1, 2, 3], Cancel)).Keys.Order());
    }

    [Fact]
    public void A_beat_passes_once_a_minute()
    {
        var time = new ManualTime();
        var gate = new BeatGate(time);
        gate.Note(1);
        gate.Note(1);
        Assert.Equal([1], gate.Take(10));
        time.Advance(TimeSpan.FromSeconds(59));
        gate.Note(1);
        Assert.Empty(gate.Take(10));
        time.Advance(TimeSpan.FromSeconds(1));
        gate.Note(1);
        Assert.Equal([1], gate.Take(10));
    }

    [Fact]
    public void Beats_beyond_the_capacity_are_ignored_until_older_ones_are_forgotten()
    {
        var time = new ManualTime();
        var gate = new BeatGate(time, capacity: 2);
        gate.Note(1);
        gate.Note(2);
        gate.Note(3);
        Assert.Equal([1], gate.Take(1));
        Assert.Equal([2], gate.Take(10));
        time.Advance(BeatGate.Every);
        gate.Note(3);
        Assert.Equal([3], gate.Take(10));
    }
}

public sealed class PostgresLastSeenTests(Servers servers) : LastSeenSpec
{
    private PostgresDatabase? _database;

    protected override async Task<Database> OpenAsync() => _database = new PostgresDatabase(await servers.NewDatabaseAsync());

    public override async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        if (_database is not null) await _database.DisposeAsync();
    }
}
