using System.Data;
using System.Data.Common;
using Dapper;

namespace Im.Hosting.Storage;

/// <summary>
/// Queries whose rows are mapped by Dapper, and come as a whole. Dapper's own ask for the columns of a row one after the other (<see cref="CommandBehavior.SequentialAccess"/>), and a row
/// that has not come to its end keeps its thread until the server sends the rest (seen: where sockets are served on the thread that waits, one such row stopped a process). Here nothing but
/// <see cref="DbDataReader.ReadAsync(CancellationToken)"/> waits.
/// </summary>
public static class WholeRows
{
    public static async Task<List<T>> RowsAsync<T>(this DbConnection connection, CommandDefinition command)
    {
        await using var reader = await connection.ExecuteReaderAsync(command, CommandBehavior.Default);
        return await RowsAsync<T>(reader, command.CancellationToken);
    }

    /// <summary>The only row; null where there is none.</summary>
    /// <exception cref="InvalidOperationException">There are several.</exception>
    public static async Task<T?> RowAsync<T>(this DbConnection connection, CommandDefinition command)
        where T : class => (await connection.RowsAsync<T>(command)).SingleOrDefault();

    /// <summary>Rows of two parts, the second from the column <paramref name="secondFrom"/> on.</summary>
    public static async Task<List<T>> RowsAsync<TFirst, TSecond, T>(this DbConnection connection, CommandDefinition command, Func<TFirst, TSecond, T> join, string secondFrom)
    {
        await using var reader = await connection.ExecuteReaderAsync(command, CommandBehavior.Default);
        var rows = new List<T>();
        if (!await reader.ReadAsync(command.CancellationToken)) return rows;
        var split = reader.GetOrdinal(secondFrom);
        var (first, second) = (reader.GetRowParser(typeof(TFirst), length: split), reader.GetRowParser(typeof(TSecond), startIndex: split));
        do rows.Add(join((TFirst)first(reader), (TSecond)second(reader)));
        while (await reader.ReadAsync(command.CancellationToken));
        return rows;
    }

    /// <summary>One answer of several.</summary>
    public static async Task<List<T>> RowsAsync<T>(this DbDataReader reader, CancellationToken cancel)
    {
        var rows = new List<T>();
        if (!await reader.ReadAsync(cancel)) return rows;
        var parse = reader.GetRowParser(typeof(T));
        do rows.Add((T)parse(reader));
        while (await reader.ReadAsync(cancel));
        return rows;
    }
}
