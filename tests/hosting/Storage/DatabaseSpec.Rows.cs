using Dapper;
using Im.Contracts;
using Im.Hosting.Storage;

namespace Im.Hosting.Tests.Storage;

/// <summary>How rows come out of a query, and how rows go into one.</summary>
public abstract partial class DatabaseSpec
{
    private sealed record Line
    {
        public long Number { get; init; }

        public string? Text { get; init; }
    }

    private sealed record Tail
    {
        public long Seq { get; init; }

        public string? Body { get; init; }
    }

    [Fact]
    public async Task Rows_come_as_numbers_texts_tuples_records_and_pairs_of_them()
    {
        await using var connection = await Store.OpenAsync(Cancel);
        Assert.Equal([1L, 2L], await connection.RowsAsync<long>(Query("SELECT CAST(1 AS bigint) UNION ALL SELECT 2")));
        Assert.Equal(["a", "b"], await connection.RowsAsync<string>(Query("SELECT 'a' UNION ALL SELECT 'b'")));
        Assert.Equal([(1L, null)], await connection.RowsAsync<(long, string?)>(Query("SELECT CAST(1 AS bigint), CAST(NULL AS text)")));
        Assert.Equal(
            [(new Line { Number = 1, Text = "left" }, new Tail { Seq = 2, Body = "right" })],
            await connection.RowsAsync<Line, Tail, (Line, Tail)>(
                Query("SELECT CAST(1 AS bigint) AS Number, 'left' AS Text, CAST(2 AS bigint) AS Seq, 'right' AS Body"), (line, tail) => (line, tail), "Seq"));
    }

    [Fact]
    public async Task The_only_row_is_one_and_none_is_null()
    {
        await using var connection = await Store.OpenAsync(Cancel);
        Assert.Equal(new Line { Number = 7, Text = "x" }, await connection.RowAsync<Line>(Query("SELECT CAST(7 AS bigint) AS Number, 'x' AS Text")));
        Assert.Null(await connection.RowAsync<Line>(Query("SELECT CAST(7 AS bigint) AS Number, 'x' AS Text WHERE 1 = 2")));
        await Assert.ThrowsAsync<InvalidOperationException>(() => connection.RowAsync<Line>(Query("SELECT CAST(7 AS bigint) AS Number UNION ALL SELECT 8")));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(3_000)]
    public async Task Rows_that_a_query_is_given_stand_in_their_order_with_all_they_had(int count)
    {
        var given = Enumerable.Range(0, count).Select(nr => (ConversationId.Direct(nr + 1, long.MaxValue - nr).ToGuid(), long.MaxValue - nr, (long)nr)).ToList();
        await using var connection = await Store.OpenAsync(Cancel);
        await using var command = connection.CreateCommand();
        command.CommandText = $"SELECT asked.place, asked.id, asked.first, asked.second FROM {Store.Rows} ORDER BY asked.place";
        Store.AddRows(command, given);
        await using var reader = await command.ExecuteReaderAsync(Cancel);
        var seen = new List<(Guid, long, long)>();
        while (await reader.ReadAsync(Cancel))
        {
            Assert.Equal(seen.Count, reader.GetInt64(0));
            seen.Add((reader.GetGuid(1), reader.GetInt64(2), reader.GetInt64(3)));
        }

        Assert.Equal(given, seen);
    }

    private static CommandDefinition Query(string sql) => new(sql, cancellationToken: Cancel);
}
