using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace Im.Hosting.Storage;

/// <summary>The statements of a connection: each is compiled at its first use and kept.</summary>
public sealed class SqliteStatements : IDisposable
{
    private readonly sqlite3 _connection;
    private readonly Dictionary<string, SqliteStatement> _compiled = [];

    internal SqliteStatements(SqliteConnection connection) => _connection = connection.Handle!;

    public SqliteStatement this[string sql]
    {
        get
        {
            if (!_compiled.TryGetValue(sql, out var statement)) _compiled[sql] = statement = new SqliteStatement(_connection, sql);
            return statement;
        }
    }

    /// <summary>All or nothing. On disk when it returns.</summary>
    internal T Transact<T>(Func<SqliteStatements, T> work)
    {
        this["BEGIN IMMEDIATE"].Run();
        try
        {
            var result = work(this);
            this["COMMIT"].Run();
            return result;
        }
        catch
        {
            foreach (var statement in _compiled.Values) statement.Reset();
            // Some faults have ended the transaction already.
            if (raw.sqlite3_get_autocommit(_connection) == 0) this["ROLLBACK"].Run();
            throw;
        }
    }

    public void Dispose()
    {
        foreach (var statement in _compiled.Values) statement.Dispose();
    }
}
