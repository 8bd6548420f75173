using System.Text.Unicode;
using Im.Contracts;
using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace Im.Hosting.Storage;

/// <summary>
/// A compiled statement that is run for one row after the other. Straight on the library: a command of ADO.NET costs several times what SQLite needs for a row.
/// Places and columns count from the left, places from 1 and columns from 0.
/// </summary>
public sealed class SqliteStatement : IDisposable
{
    private readonly sqlite3 _connection;
    private readonly sqlite3_stmt _statement;

    internal SqliteStatement(sqlite3 connection, string sql)
    {
        _connection = connection;
        Check(raw.sqlite3_prepare_v3(connection, sql, raw.SQLITE_PREPARE_PERSISTENT, out _statement));
    }

    public SqliteStatement Bind(int place, long value)
    {
        Check(raw.sqlite3_bind_int64(_statement, place, value));
        return this;
    }

    public SqliteStatement Bind(int place, ConversationId value) => Bind(place, value.ToGuid());

    public SqliteStatement Bind(int place, Guid value)
    {
        Span<byte> text = stackalloc byte[36];
        value.TryFormat(text, out _, "D");
        return Bind(place, text);
    }

    public SqliteStatement Bind(int place, string? value)
    {
        if (value is null) return BindNull(place);
        Check(raw.sqlite3_bind_text(_statement, place, value));
        return this;
    }

    public SqliteStatement BindNull(int place)
    {
        Check(raw.sqlite3_bind_null(_statement, place));
        return this;
    }

    /// <summary>A text as UTF-8. What is none becomes one, as <see cref="System.Text.Encoding.UTF8"/> reads it: a column of text must hold nothing else.</summary>
    public SqliteStatement Bind(int place, ReadOnlySpan<byte> value)
    {
        // The library takes an empty span for NULL.
        if (value.IsEmpty) return Bind(place, "");
        if (!Utf8.IsValid(value)) return Bind(place, System.Text.Encoding.UTF8.GetBytes(System.Text.Encoding.UTF8.GetString(value)));
        Check(raw.sqlite3_bind_text(_statement, place, value));
        return this;
    }

    /// <summary>For a statement without an answer.</summary>
    public void Run()
    {
        while (Next())
        {
        }
    }

    /// <summary>True while there is a row to read. After the last one the statement is ready for other values.</summary>
    public bool Next()
    {
        var code = raw.sqlite3_step(_statement);
        if (code == raw.SQLITE_ROW) return true;
        try
        {
            Check(code);
            return false;
        }
        finally
        {
            Reset();
        }
    }

    public long Number(int column) => raw.sqlite3_column_int64(_statement, column);

    public string? Text(int column) => IsNull(column) ? null : System.Text.Encoding.UTF8.GetString(Bytes(column));

    /// <summary>The text as it is stored, valid until the next row.</summary>
    public ReadOnlySpan<byte> Bytes(int column) => raw.sqlite3_column_blob(_statement, column);

    public ConversationId Conversation(int column) => ConversationId.FromGuid(Guid.Parse(Bytes(column)));

    public void Dispose() => _statement.Dispose();

    /// <summary>After a fault in the middle of the rows: it must not hold a read open.</summary>
    internal void Reset() => raw.sqlite3_reset(_statement);

    private bool IsNull(int column) => raw.sqlite3_column_type(_statement, column) == raw.SQLITE_NULL;

    private void Check(int code) => SqliteException.ThrowExceptionForRC(code, _connection);
}
