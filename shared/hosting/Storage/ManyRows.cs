using System.Data.Common;
using System.Globalization;
using System.Text;
using Dapper;

namespace Im.Hosting.Storage;

/// <summary>Inserts many rows in a few statements of the form that both databases take: <c>INSERT … VALUES (…), (…), …</c>.</summary>
public static class ManyRows
{
    // Older builds of SQLite take 999 parameters.
    private const int MaxParameters = 900;

    /// <param name="insert">Up to and with the column list: <c>INSERT INTO t (a, b)</c>.</param>
    /// <param name="rows">One value per column.</param>
    public static async Task InsertManyAsync(
        this DbConnection connection, DbTransaction transaction, string insert, IReadOnlyList<object?[]> rows, CancellationToken cancel)
    {
        if (rows.Count == 0) return;
        foreach (var chunk in rows.Chunk(MaxParameters / rows[0].Length))
        {
            var sql = new StringBuilder(insert).Append(" VALUES ");
            var values = new DynamicParameters();
            for (var row = 0; row < chunk.Length; row++)
            {
                sql.Append(row == 0 ? "(" : ", (");
                for (var column = 0; column < chunk[row].Length; column++)
                {
                    var name = string.Create(CultureInfo.InvariantCulture, $"p{row}_{column}");
                    values.Add(name, chunk[row][column]);
                    sql.Append(column == 0 ? "@" : ", @").Append(name);
                }

                sql.Append(')');
            }

            await connection.ExecuteAsync(new CommandDefinition(sql.ToString(), values, transaction, cancellationToken: cancel));
        }
    }
}
