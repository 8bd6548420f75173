using System.Data.Common;
using System.Globalization;
using System.Reflection;
using Dapper;
using Im.Contracts;

namespace Im.Hosting.Storage;

/// <summary>The tables of this version, with what is fixed in them for life: the number of shards and the id of the log.</summary>
internal sealed class StorageSchema(Database database, int shards)
{
    // Of PostgreSQL, for a table that is not there.
    private const string UndefinedTable = "42P01";

    /// <summary>Brings the database to this version, as often as it is called and by however many at once.</summary>
    /// <param name="withRights">Gives the role of each service its rights (PostgreSQL only); the roles have to be there.</param>
    /// <returns>The id of the log.</returns>
    /// <exception cref="WrongShardsException">It was set up with another number.</exception>
    public async Task<string> InstallAsync(bool withRights, CancellationToken cancel)
    {
        await database.MigrateAsync(Scripts(), withRights ? Text("rights") : null, cancel);
        Check(await SettleAsync("shards", shards.ToString(CultureInfo.InvariantCulture), cancel));
        await AddSystemUserAsync(cancel);
        return await SettleAsync("log", Guid.NewGuid().ToString("N"), cancel);
    }

    /// <summary>For a process that may not change tables: looks whether somebody else has brought the database to this version.</summary>
    /// <inheritdoc cref="InstallAsync" path="/returns"/>
    /// <exception cref="SchemaMissingException">Nobody has yet.</exception>
    /// <exception cref="WrongShardsException">It was set up with another number.</exception>
    public async Task<string> ReadAsync(CancellationToken cancel)
    {
        await using var connection = await database.OpenAsync(cancel);
        try
        {
            var done = (await connection.RowsAsync<string>(new CommandDefinition("SELECT name FROM migrations", cancellationToken: cancel))).ToHashSet();
            if (Scripts().Find(script => !done.Contains(script.Name)).Name is { } missing) throw new SchemaMissingException(missing);
        }
        catch (DbException fault) when (fault.SqlState == UndefinedTable)
        {
            throw new SchemaMissingException(Scripts()[0].Name);
        }

        var facts = (await connection.RowsAsync<(string Name, string Value)>(new CommandDefinition("SELECT name, value FROM settings", cancellationToken: cancel)))
            .ToDictionary(fact => fact.Name, fact => fact.Value);
        // Written right after the tables, by whoever makes them.
        if (!facts.TryGetValue("shards", out var stored) || !facts.TryGetValue("log", out var log)) throw new SchemaMissingException("settings");
        Check(stored);
        return log;
    }

    public static List<(string Name, string Sql)> Scripts() =>
        [.. Assembly.GetExecutingAssembly().GetManifestResourceNames().Where(name => name.StartsWith("schema/", StringComparison.Ordinal)).Order(StringComparer.Ordinal).Select(name => (name, Text(name)))];

    private static string Text(string name)
    {
        using var reader = new StreamReader(Assembly.GetExecutingAssembly().GetManifestResourceStream(name)!);
        return reader.ReadToEnd();
    }

    private void Check(string stored)
    {
        if (stored != shards.ToString(CultureInfo.InvariantCulture)) throw new WrongShardsException(stored, shards);
    }

    /// <summary>The first process writes the value, all others read it.</summary>
    private Task<string> SettleAsync(string name, string value, CancellationToken cancel) => database.WriteAsync(
        async connection =>
        {
            await connection.ExecuteAsync("INSERT INTO settings (name, value) VALUES (@name, @value) ON CONFLICT DO NOTHING", new { name, value });
            return (await connection.RowsAsync<string>(new CommandDefinition("SELECT value FROM settings WHERE name = @name", new { name }, cancellationToken: cancel))).Single();
        },
        cancel);

    private Task<int> AddSystemUserAsync(CancellationToken cancel) => database.WriteAsync(
        connection => connection.ExecuteAsync(
            """
            INSERT INTO accounts (user_id, username, username_key, password_hash, disabled, created_at)
            VALUES (@id, 'system', 'system', NULL, @no, 0) ON CONFLICT DO NOTHING
            """,
            new { id = Ids.SystemUser, no = false }),
        cancel);
}

/// <summary>The database is not at this version yet.</summary>
/// <param name="missing">The first script that did not run.</param>
internal sealed class SchemaMissingException(string missing)
    : Exception($"the tables of this version are not there ({missing}); the verb 'migrate' makes them, which Im:MigrateAtStart=false leaves to you");

/// <summary>The number of shards is fixed for life.</summary>
internal sealed class WrongShardsException(string stored, int configured) : Exception(
    $"the database was set up with {stored} shards, this process is configured with {configured}: the number is fixed for life. Set Im:Shards");
