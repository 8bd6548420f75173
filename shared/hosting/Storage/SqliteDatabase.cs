using System.Data.Common;
using System.Globalization;
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

    private readonly string _connectionString;
    private readonly SemaphoreSlim _writer = new(1, 1);
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
    }

    public override string Now => "CAST((julianday('now') - 2440587.5) * 86400000 AS INTEGER)";

    public override string AnyOf(string column, string parameter) => $"{column} IN (SELECT value FROM json_each({parameter}))";

    public override object List(IEnumerable<long> values) =>
        "[" + string.Join(',', values.Select(value => value.ToString(CultureInfo.InvariantCulture))) + "]";

    public override object List(IEnumerable<string> values) => System.Text.Json.JsonSerializer.Serialize(values);

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
        await connection.ExecuteAsync("PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA busy_timeout = 5000");
        return connection;
    }

    public override async Task<T> WriteAsync<T>(Func<DbConnection, Task<T>> work, CancellationToken cancel)
    {
        // Waiting here is fair and cheap; SQLite's own waiting sleeps and starves.
        await _writer.WaitAsync(cancel);
        try
        {
            await using var connection = await OpenAsync(cancel);
            return await work(connection);
        }
        finally
        {
            _writer.Release();
        }
    }

    public override bool IsUniqueViolation(DbException fault) => fault is SqliteException { SqliteExtendedErrorCode: PrimaryKeyTaken or UniqueKeyTaken };

    internal override Task MigrateAsync(IReadOnlyList<(string Name, string Sql)> scripts, string? rights, CancellationToken cancel) => TransactAsync(
        async (connection, transaction) =>
        {
            if (rights is not null) throw new NotSupportedException("SQLite knows no roles: whoever can read the file can read all of it");
            await connection.ExecuteAsync("CREATE TABLE IF NOT EXISTS migrations (name text PRIMARY KEY)", transaction: transaction);
            var done = (await connection.QueryAsync<string>("SELECT name FROM migrations", transaction: transaction)).ToHashSet();
            foreach (var (name, sql) in scripts.Where(script => !done.Contains(script.Name)))
            {
                await connection.ExecuteAsync(sql, transaction: transaction);
                await connection.ExecuteAsync("INSERT INTO migrations (name) VALUES (@name)", new { name }, transaction);
            }

            return true;
        },
        cancel);

    public void Dispose() => _writer.Dispose();
}
