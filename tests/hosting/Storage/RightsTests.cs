using Im.Local;
using Npgsql;

namespace Im.Hosting.Tests.Storage;

/// <summary>
/// The roles of the services before a real PostgreSQL: each attempts whatever its service has no business with, in every table and column that there is. That
/// they may do what they must the flow and fault tests show, whose systems come as these roles.
/// </summary>
public sealed class RightsTests(RightsDatabase database) : IClassFixture<RightsDatabase>
{
    private const string Refused = "42501", CheckFailed = "23514";

    /// <summary>As the comments of the schema have it. A new table needs a line here.</summary>
    private static readonly Dictionary<string, string[]> Writers = new()
    {
        ["migrations"] = [],
        ["settings"] = [],
        ["nodes"] = [.. Services.All],
        ["accounts"] = ["login"],
        ["profiles"] = ["profile", "login"],
        ["devices"] = ["session"],
        ["sessions"] = ["session"],
        ["last_seen"] = ["presence"],
        ["contacts"] = ["profile"],
        ["conversations"] = ["message"],
        ["members"] = ["message"],
        ["messages"] = ["message"],
        ["cursors"] = ["message", "session"],
        ["marks"] = ["message"],
        ["blocks"] = ["message"],
        ["shard_changes"] = ["message"],
        ["log_check"] = ["message"],
        ["log_gaps"] = ["message"],
    };

    /// <summary>Where rows go away: a node that stops, a contact, a block, and a gap that is none any more. Everything else stays.</summary>
    private static readonly string[] Deletable = ["nodes", "contacts", "blocks", "log_gaps"];

    /// <summary>Columns that hold a secret, or what people write, and who reads them.</summary>
    private static readonly Dictionary<string, string[]> Readers = new()
    {
        ["accounts.password_hash"] = ["login"],
        ["sessions.token_hash"] = ["gateway"],
        ["messages.body"] = ["gateway", "message"],
    };

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public static TheoryData<string> EveryService => [.. Services.All];

    [Theory]
    [Trait("abuse", "85")]
    [MemberData(nameof(EveryService))]
    public async Task A_service_writes_to_its_own_tables_and_to_no_others(string service)
    {
        Assert.Equal(Writers.Keys.Order(), database.Columns.Select(table => table.Key).Order());
        foreach (var (table, writers) in Writers)
        {
            var own = writers.Contains(service);
            string?[] changes = [await TryAsync(service, $"INSERT INTO {table} DEFAULT VALUES"), .. await EachAsync(service, table, column => $"UPDATE {table} SET {column} = NULL WHERE false")];
            // The accounts' column for holding rows is nobody's to fill; the last of these tests tries.
            var refused = changes.Zip(["", .. database.Columns[table]], (state, column) => (state, column)).Where(change => change.column != "turn").ToList();
            if (own) Assert.Contains(refused, change => change.state != Refused);
            else Assert.All(refused, change => Assert.True(change.state == Refused, $"{service} changes {table}.{change.column}"));
        }
    }

    [Theory]
    [Trait("abuse", "85")]
    [MemberData(nameof(EveryService))]
    public async Task What_was_accepted_no_service_can_change_or_delete(string service)
    {
        Assert.All(await EachAsync(service, "messages", column => $"UPDATE messages SET {column} = NULL WHERE false"), state => Assert.Equal(Refused, state));
        foreach (var table in Writers.Keys)
        {
            Assert.Equal(Refused, await TryAsync(service, $"TRUNCATE {table}"));
            var deletes = Deletable.Contains(table) && Writers[table].Contains(service);
            Assert.Equal(deletes ? null : Refused, await TryAsync(service, $"DELETE FROM {table} WHERE false"));
        }
    }

    [Theory]
    [Trait("abuse", "85")]
    [MemberData(nameof(EveryService))]
    public async Task Secrets_and_what_people_write_are_read_by_those_who_need_them_alone(string service)
    {
        foreach (var (column, readers) in Readers)
        {
            var (table, name) = (column.Split('.')[0], column.Split('.')[1]);
            Assert.Equal(readers.Contains(service) ? null : Refused, await TryAsync(service, $"SELECT {name} FROM {table} LIMIT 0"));
            Assert.Equal(readers.Contains(service) ? null : Refused, await TryAsync(service, $"SELECT 1 FROM {table} WHERE {name} IS NULL"));
        }
    }

    [Theory]
    [Trait("abuse", "85")]
    [MemberData(nameof(EveryService))]
    public async Task No_service_makes_or_changes_tables_roles_or_rights(string service)
    {
        string[] attempts =
        [
            "CREATE TABLE own (id bigint)", "ALTER TABLE messages ADD COLUMN own bigint", "DROP TABLE messages", "CREATE INDEX ON messages (time)",
            "CREATE ROLE another", "ALTER TABLE messages OWNER TO CURRENT_USER", "ALTER SEQUENCE connection_epochs RESTART", "SELECT setval('connection_epochs', 1)",
        ];
        foreach (var attempt in attempts) Assert.True(await TryAsync(service, attempt) == Refused, $"{service}: {attempt}");
        Assert.Equal(service == "gateway" ? null : Refused, await TryAsync(service, "SELECT nextval('connection_epochs')"));
    }

    [Theory]
    [InlineData("session")]
    [InlineData("profile")]
    public async Task Who_holds_accounts_cannot_change_them(string service)
    {
        Assert.Null(await TryAsync(service, "SELECT user_id FROM accounts WHERE user_id = 0 FOR UPDATE"));
        Assert.Equal(CheckFailed, await TryAsync(service, "UPDATE accounts SET turn = true"));
    }

    private async Task<List<string?>> EachAsync(string service, string table, Func<string, string> attempt)
    {
        var states = new List<string?>();
        foreach (var column in database.Columns[table]) states.Add(await TryAsync(service, attempt(column)));
        return states;
    }

    /// <summary>Undone in any case. What the database says to it, null where it did it.</summary>
    private async Task<string?> TryAsync(string service, string attempt)
    {
        await using var connection = database.ConnectionOf(service);
        await connection.OpenAsync(Cancel);
        await using var transaction = await connection.BeginTransactionAsync(Cancel);
        try
        {
            await using var command = new NpgsqlCommand(attempt, connection, transaction);
            await command.ExecuteNonQueryAsync(Cancel);
            return null;
        }
        catch (PostgresException fault)
        {
            return fault.SqlState;
        }
    }
}
