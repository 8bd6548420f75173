using Im.Local;
using Npgsql;

namespace Im.Bench.Subjects;

/// <summary>What of a PostgreSQL belongs to the figures of who stores in it.</summary>
internal static class PostgresFacts
{
    /// <summary>What makes a commit durable; the figures mean nothing where one of them is off.</summary>
    private static readonly string[] Durable = ["fsync", "full_page_writes", "synchronous_commit"];

    /// <exception cref="LocalStartException">What it answers may be lost.</exception>
    public static async Task<IReadOnlyList<string>> ReadAsync(NpgsqlConnection connection, CancellationToken cancel)
    {
        List<string> facts = [$"PostgreSQL {connection.PostgreSqlVersion}"];
        foreach (var setting in Durable)
        {
            await using var show = new NpgsqlCommand($"SHOW {setting}", connection);
            var value = (string)(await show.ExecuteScalarAsync(cancel))!;
            if (value != "on") throw new LocalStartException($"PostgreSQL runs with {setting} = {value}: what it answers may be lost");
            facts.Add($"{setting} on");
        }

        return facts;
    }
}
