using System.Data.Common;
using System.Globalization;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Dapper;
using Microsoft.Data.Sqlite;

namespace Im.Hosting.Storage;

/// <summary>SQLite: one process, nothing to install. Write-ahead log, every commit on disk before it counts.</summary>
public sealed class SqliteDatabase : Database, IDisposable
{
    // SQLITE_CONSTRAINT_PRIMARYKEY and _UNIQUE; the plain code 19 is any constraint.
    private const int PrimaryKeyTaken = 1555;
    private const int UniqueKeyTaken = 2067;

    // 64 MB of pages. A checkpoint after as much (by default after 4 MB, which is every other commit under load) writes a page once that many commits changed.
    private const string ForWriting = "PRAGMA cache_size = -65536; PRAGMA wal_autocheckpoint = 16384; PRAGMA temp_store = MEMORY";

    private readonly string _connectionString;
    private readonly SqliteWriter _writer;

    /// <summary>What the pool holds is opened many times: each is set up once.</summary>
    private readonly ConditionalWeakTable<SQLitePCL.sqlite3, object> _prepared = [];
    private long _epoch;

    static SqliteDatabase()
    {
        // The library in the package is from 2021: the system's own is preferred where there is one.
        var provider = new SQLitePCL.SQLite3Provider_e_sqlite3();
        NativeLibrary.SetDllImportResolver(
            provider.GetType().Assembly,
            (name, _, _) => name == "e_sqlite3" && NativeLibrary.TryLoad("libsqlite3.so.0", out var system) ? system : IntPtr.Zero);
        SQLitePCL.raw.SetProvider(provider);
    }

    public SqliteDatabase(string connectionString)
    {
        var settings = new SqliteConnectionStringBuilder(connectionString);
        if (Path.GetDirectoryName(settings.DataSource) is { Length: > 0 } folder) Directory.CreateDirectory(folder);
        _connectionString = settings.ConnectionString;
        settings.Pooling = false;
        _writer = new SqliteWriter(() => OpenWriter(settings.ConnectionString));
    }

    public override string Now => "CAST((julianday('now') - 2440587.5) * 86400000 AS INTEGER)";

    public override string AnyOf(string column, string parameter) => $"{column} IN (SELECT value FROM json_each({parameter}))";

    public override object List(IEnumerable<long> values) =>
        "[" + string.Join(',', values.Select(value => value.ToString(CultureInfo.InvariantCulture))) + "]";

    public override object List(IEnumerable<string> values) => System.Text.Json.JsonSerializer.Serialize(values);

    public override string Rows =>
        """
        (SELECT key AS place, json_extract(value, '$[0]') AS id, json_extract(value, '$[1]') AS first, json_extract(value, '$[2]') AS second FROM json_each(@asked)) AS asked
        """;

    public override void AddRows(DbCommand command, IReadOnlyList<(Guid Id, long First, long Second)> rows) => Add(
        command,
        "asked",
        "[" + string.Join(',', rows.Select(row => string.Create(CultureInfo.InvariantCulture, $"[\"{row.Id:D}\",{row.First},{row.Second}]"))) + "]");

    public override string ForUpdate => "";

    public override string ForUpdateSkippingHeld => "";

    /// <summary>One process: its clock in microseconds starts the count, so that a restart begins above what the last one drew.</summary>
    public override Task<long> NextEpochAsync(CancellationToken cancel)
    {
        Interlocked.CompareExchange(ref _epoch, (DateTime.UtcNow - DateTime.UnixEpoch).Ticks / TimeSpan.TicksPerMicrosecond, 0);
        return Task.FromResult(Interlocked.Increment(ref _epoch));
    }

    public override async Task<DbConnection> OpenAsync(CancellationToken cancel)
    {
        var connection = new SqliteConnection(_connectionString);
        await connection.OpenAsync(cancel);
        Prepare(connection);
        return connection;
    }

    public override Task<T> WriteAsync<T>(Func<DbConnection, Task<T>> work, CancellationToken cancel) =>
        _writer.RunAsync((connection, _) => work(connection), cancel);

    /// <summary>Runs <paramref name="work"/> on the connection that writes, with its kept statements: all or nothing, on disk when it returns.</summary>
    public Task<T> CommitAsync<T>(Func<SqliteStatements, T> work, CancellationToken cancel) =>
        _writer.RunAsync((_, statements) => Task.FromResult(statements.Transact(work)), cancel);

    /// <summary>Reads on the connection that writes, whose cache is warm: for what comes before each commit. Nothing is written meanwhile.</summary>
    public Task<T> ReadAsync<T>(Func<SqliteStatements, T> work, CancellationToken cancel) =>
        _writer.RunAsync((_, statements) => Task.FromResult(work(statements)), cancel);

    public override bool IsUniqueViolation(DbException fault) => fault is SqliteException { SqliteExtendedErrorCode: PrimaryKeyTaken or UniqueKeyTaken };

    internal override Task MigrateAsync(IReadOnlyList<(string Name, string Sql)> scripts, string? rights, CancellationToken cancel) => TransactAsync(
        async (connection, transaction) =>
        {
            if (rights is not null) throw new NotSupportedException("SQLite knows no roles: whoever can read the file can read all of it");
            await connection.ExecuteAsync("CREATE TABLE IF NOT EXISTS migrations (name text PRIMARY KEY)", transaction: transaction);
            var done = (await connection.RowsAsync<string>(new CommandDefinition("SELECT name FROM migrations", transaction: transaction, cancellationToken: cancel))).ToHashSet();
            foreach (var (name, sql) in scripts.Where(script => !done.Contains(script.Name)))
            {
                await connection.ExecuteAsync(sql, transaction: transaction);
                await connection.ExecuteAsync("INSERT INTO migrations (name) VALUES (@name)", new { name }, transaction);
            }

            return true;
        },
        cancel);

    public void Dispose() => _writer.Dispose();

    private SqliteConnection OpenWriter(string connectionString)
    {
        var connection = new SqliteConnection(connectionString);
        try
        {
            connection.Open();
            Prepare(connection);
            connection.Execute(ForWriting);
            return connection;
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    private void Prepare(SqliteConnection connection)
    {
        if (_prepared.TryGetValue(connection.Handle!, out _)) return;
        connection.Execute("PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA busy_timeout = 5000");
        _prepared.AddOrUpdate(connection.Handle!, this);
    }
}
