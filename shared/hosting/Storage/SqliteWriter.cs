using Microsoft.Data.Sqlite;

namespace Im.Hosting.Storage;

/// <summary>
/// The one connection that writes. It is kept: its statements stay compiled and its cache warm, which another connection's does not (every commit that is not
/// its own empties it). One user at a time, in the order in which they came: that is fair and cheap, while SQLite's own waiting sleeps and starves.
/// </summary>
internal sealed class SqliteWriter(Func<SqliteConnection> open) : IDisposable
{
    // SQLITE_CONSTRAINT
    private const int Refused = 19;

    private readonly SemaphoreSlim _turn = new(1, 1);
    private SqliteConnection? _connection;
    private SqliteStatements? _statements;

    public async Task<T> RunAsync<T>(Func<SqliteConnection, SqliteStatements, Task<T>> work, CancellationToken cancel)
    {
        await _turn.WaitAsync(cancel);
        try
        {
            _connection ??= open();
            _statements ??= new SqliteStatements(_connection);
            return await work(_connection, _statements);
        }
        catch (Exception fault) when (fault is not SqliteException { SqliteErrorCode: Refused })
        {
            // Whatever state it left the connection in: the next one gets another.
            Close();
            throw;
        }
        finally
        {
            _turn.Release();
        }
    }

    public void Dispose()
    {
        Close();
        _turn.Dispose();
    }

    private void Close()
    {
        _statements?.Dispose();
        _connection?.Dispose();
        (_statements, _connection) = (null, null);
    }
}
