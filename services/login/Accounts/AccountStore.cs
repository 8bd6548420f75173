using System.Data.Common;
using Dapper;
using Im.Contracts;
using Im.Contracts.Accounts;
using Im.Contracts.Messages;
using Im.Hosting.Storage;

namespace Im.Login.Accounts;

/// <summary>An account as a password check needs it.</summary>
public sealed class Account
{
    public long UserId { get; init; }

    public string Username { get; init; } = "";

    public string? PasswordHash { get; init; }

    public bool Disabled { get; init; }
}

/// <summary>The accounts. A name belongs to who came first: the unique key on its lower-cased form decides, over all processes.</summary>
public sealed class AccountStore(Database database, TimeProvider time)
{
    private const string Columns = "user_id AS UserId, username AS Username, password_hash AS PasswordHash, disabled AS Disabled";

    public async Task<Account?> FindByKeyAsync(string key, CancellationToken cancel)
    {
        await using var connection = await database.OpenAsync(cancel);
        return await connection.RowAsync<Account>(new CommandDefinition(
            $"SELECT {Columns} FROM accounts WHERE username_key = @key", new { key }, cancellationToken: cancel));
    }

    public async Task<Account?> FindByIdAsync(long userId, CancellationToken cancel)
    {
        await using var connection = await database.OpenAsync(cancel);
        return await connection.RowAsync<Account>(new CommandDefinition(
            $"SELECT {Columns} FROM accounts WHERE user_id = @userId", new { userId }, cancellationToken: cancel));
    }

    /// <summary>The new user's id, or null where the name is taken.</summary>
    public async Task<long?> AddAsync(Username name, string passwordHash, string? displayName, CancellationToken cancel)
    {
        var added = await AddAllAsync([new(name, passwordHash, displayName)], cancel);
        return added.TryGetValue(name.Key, out var account) && account.IsNew ? account.UserId : null;
    }

    /// <summary>Adds those that are not there, without a password, and returns all in the order asked.</summary>
    public async Task<IReadOnlyList<UserRegistered>> EnsureAsync(IReadOnlyList<(Username Name, string? DisplayName)> users, CancellationToken cancel)
    {
        var all = await AddAllAsync([.. users.DistinctBy(user => user.Name.Key).Select(user => new NewAccount(user.Name, null, user.DisplayName))], cancel);
        return [.. users.Select(user => new UserRegistered(all[user.Name.Key].UserId, all[user.Name.Key].Username))];
    }

    /// <summary>False where somebody else changed it meanwhile, or the user is gone.</summary>
    public async Task<bool> ReplaceHashAsync(long userId, string before, string after, CancellationToken cancel) => await database.WriteAsync(
        connection => connection.ExecuteAsync(new CommandDefinition(
            "UPDATE accounts SET password_hash = @after WHERE user_id = @userId AND password_hash = @before",
            new { userId, before, after },
            cancellationToken: cancel)),
        cancel) == 1;

    /// <summary>False where there is no such user.</summary>
    public async Task<bool> DisableAsync(long userId, bool disabled, CancellationToken cancel) => await database.WriteAsync(
        connection => connection.ExecuteAsync(new CommandDefinition(
            "UPDATE accounts SET disabled = @disabled WHERE user_id = @userId", new { userId, disabled }, cancellationToken: cancel)),
        cancel) == 1;

    /// <summary>Accounts whose name contains <paramref name="text"/>, or whose id it is, by name.</summary>
    public async Task<IReadOnlyList<UserFound>> SearchAsync(string text, int limit, CancellationToken cancel)
    {
        await using var connection = await database.OpenAsync(cancel);
        var rows = await connection.RowsAsync<FoundRow>(new CommandDefinition(
            """
            SELECT a.user_id AS UserId, a.username AS Username, COALESCE(p.display_name, a.username) AS DisplayName, a.disabled AS Disabled,
                   a.created_at AS CreatedAt
            FROM accounts a LEFT JOIN profiles p ON p.user_id = a.user_id
            WHERE a.username_key LIKE @pattern ESCAPE '!' OR a.user_id = @id
            ORDER BY a.username_key LIMIT @limit
            """,
            new { pattern = "%" + EscapeLike(text.Normalize().ToLowerInvariant()) + "%", id = Ids.TryParse(text, out var id) ? id : 0, limit },
            cancellationToken: cancel));
        return [.. rows.Select(row => new UserFound(row.UserId, row.Username, row.DisplayName, row.Disabled, row.CreatedAt))];
    }

    private sealed record NewAccount(Username Name, string? PasswordHash, string? DisplayName);

    private sealed record KnownAccount(long UserId, string Username, bool IsNew);

    /// <summary>Retried on a drawn id or a name that another process took between the look and the insert: the second look finds it.</summary>
    private async Task<Dictionary<string, KnownAccount>> AddAllAsync(IReadOnlyList<NewAccount> accounts, CancellationToken cancel)
    {
        for (var tries = 1; ; tries++)
        {
            try
            {
                return await database.TransactAsync((connection, transaction) => AddMissingAsync(connection, transaction, accounts, cancel), cancel);
            }
            catch (DbException fault) when (database.IsUniqueViolation(fault) && tries < 5)
            {
                // Look again.
            }
        }
    }

    private async Task<Dictionary<string, KnownAccount>> AddMissingAsync(
        DbConnection connection, DbTransaction transaction, IReadOnlyList<NewAccount> accounts, CancellationToken cancel)
    {
        var known = (await connection.RowsAsync<(long UserId, string Username, string Key)>(new CommandDefinition(
            $"SELECT user_id, username, username_key FROM accounts WHERE {database.AnyOf("username_key", "@keys")}",
            new { keys = database.List(accounts.Select(account => account.Name.Key)) },
            transaction,
            cancellationToken: cancel))).ToDictionary(row => row.Key, row => new KnownAccount(row.UserId, row.Username, false), StringComparer.Ordinal);

        // In the order of the keys, so that two batches with the same names cannot wait for each other.
        var missing = accounts.Where(account => !known.ContainsKey(account.Name.Key)).OrderBy(account => account.Name.Key, StringComparer.Ordinal).ToList();
        var now = time.GetUtcNow().ToUnixTimeMilliseconds();
        foreach (var account in missing) known[account.Name.Key] = new(Ids.Next(time), account.Name.Text, true);
        await connection.InsertManyAsync(
            transaction,
            "INSERT INTO accounts (user_id, username, username_key, password_hash, disabled, created_at)",
            [.. missing.Select(one => new object?[] { known[one.Name.Key].UserId, one.Name.Text, one.Name.Key, one.PasswordHash, false, now })],
            cancel);
        await connection.InsertManyAsync(
            transaction,
            "INSERT INTO profiles (user_id, display_name)",
            [.. missing.Where(one => one.DisplayName is not null).Select(one => new object?[] { known[one.Name.Key].UserId, one.DisplayName })],
            cancel);
        return known;
    }

    private static string EscapeLike(string text) =>
        text.Replace("!", "!!", StringComparison.Ordinal).Replace("%", "!%", StringComparison.Ordinal).Replace("_", "!_", StringComparison.Ordinal);

    private sealed class FoundRow
    {
        public long UserId { get; init; }

        public string Username { get; init; } = "";

        public string DisplayName { get; init; } = "";

        public bool Disabled { get; init; }

        public long CreatedAt { get; init; }
    }
}
