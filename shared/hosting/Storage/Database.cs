using System.Data.Common;

namespace Im.Hosting.Storage;

/// <summary>
/// PostgreSQL or SQLite behind one small surface, so that everyday stores are written once in the SQL that both speak; what only one can do (the
/// log's writer) has an implementation for each.
/// </summary>
public abstract class Database
{
    /// <summary>SQL for now in Unix milliseconds, by the clock of the database: the only clock that all processes share.</summary>
    public abstract string Now { get; }

    /// <summary>SQL for "the column is one of these", with the list passed as <see cref="List(IEnumerable{long})"/>.</summary>
    public abstract string AnyOf(string column, string parameter);

    /// <summary>A list of numbers as parameter for <see cref="AnyOf"/>.</summary>
    public abstract object List(IEnumerable<long> values);

    /// <summary>As <see cref="List(IEnumerable{long})"/>, of texts.</summary>
    public abstract object List(IEnumerable<string> values);

    /// <summary>
    /// SQL for a table <c>asked</c> with the columns <c>place</c> (from 0), <c>id</c>, <c>first</c> and <c>second</c>, of the rows that the command is given by
    /// <see cref="AddRows"/>: the same statement for any number of them, which PostgreSQL parses once.
    /// </summary>
    public abstract string Rows { get; }

    /// <summary>Gives <paramref name="command"/> the rows of the table that <see cref="Rows"/> names.</summary>
    public abstract void AddRows(DbCommand command, IReadOnlyList<(Guid Id, long First, long Second)> rows);

    /// <summary>
    /// SQL at the end of a SELECT in a transaction: holds the rows until its end, so that transactions about the same rows follow one another. Empty
    /// where there is one writer anyway.
    /// </summary>
    public abstract string ForUpdate { get; }

    /// <summary>As <see cref="ForUpdate"/>, but leaves out rows that another transaction holds: never waits, hence never in a deadlock.</summary>
    public abstract string ForUpdateSkippingHeld { get; }

    /// <summary>SQL that draws the next connection epoch: rises for ever, over all processes.</summary>
    public abstract Task<long> NextEpochAsync(CancellationToken cancel);

    /// <summary>A connection for reading. Dispose it soon: the pool is small.</summary>
    public abstract Task<DbConnection> OpenAsync(CancellationToken cancel);

    /// <summary>Runs <paramref name="work"/> with a connection that may write. SQLite has one writer at a time; PostgreSQL any number.</summary>
    public abstract Task<T> WriteAsync<T>(Func<DbConnection, Task<T>> work, CancellationToken cancel);

    /// <summary>As <see cref="WriteAsync{T}"/>, all or nothing.</summary>
    public Task<T> TransactAsync<T>(Func<DbConnection, DbTransaction, Task<T>> work, CancellationToken cancel) => WriteAsync(
        async connection =>
        {
            await using var transaction = await connection.BeginTransactionAsync(cancel);
            var result = await work(connection, transaction);
            await transaction.CommitAsync(cancel);
            return result;
        },
        cancel);

    /// <summary>True where a primary or unique key refused the row.</summary>
    public abstract bool IsUniqueViolation(DbException fault);

    /// <summary>Runs scripts while no other process does, each once, then <paramref name="rights"/> in the same transaction; null for none.</summary>
    /// <exception cref="NotSupportedException">There are rights and the database knows no roles.</exception>
    internal abstract Task MigrateAsync(IReadOnlyList<(string Name, string Sql)> scripts, string? rights, CancellationToken cancel);

    /// <summary>Gives <paramref name="command"/> a value: what Dapper does by itself, for statements that are run without it.</summary>
    public static void Add(DbCommand command, string name, object value)
    {
        var parameter = command.CreateParameter();
        (parameter.ParameterName, parameter.Value) = (name, value);
        command.Parameters.Add(parameter);
    }
}
