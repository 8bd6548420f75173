using System.Data.Common;
using Dapper;
using Im.Contracts.Messages;
using Im.Hosting.Storage;
using Im.Protocol;

namespace Im.Profile.Contacts;

/// <param name="Before">How the asking user stood to the other.</param>
/// <param name="After">How he stands to him now: what is stored.</param>
public readonly record struct ContactChange(ContactState Before, ContactState After, Refused? Refused = null);

/// <summary>
/// Who is whose contact, a row for each direction, always both in one commit. Changes between the same two follow one another: each holds the accounts of
/// both, taken in the order of their ids, which is the order of everybody who holds accounts.
/// </summary>
public sealed class ContactStore(Database database)
{
    public Task<ContactChange> RequestAsync(long user, long other, CancellationToken cancel) => ChangeAsync(user, other, ContactRules.Request, cancel);

    public Task<ContactChange> AcceptAsync(long user, long other, CancellationToken cancel) => ChangeAsync(user, other, ContactRules.Accept, cancel);

    public Task<ContactChange> RemoveAsync(long user, long other, CancellationToken cancel) => ChangeAsync(user, other, ContactRules.Remove, cancel);

    public async Task<ContactState> StateAsync(long user, long other, CancellationToken cancel)
    {
        await using var connection = await database.OpenAsync(cancel);
        return (ContactState)await connection.ExecuteScalarAsync<int>(new CommandDefinition(
            "SELECT state FROM contacts WHERE user_id = @user AND other = @other", new { user, other }, cancellationToken: cancel));
    }

    /// <summary>Accepted ones first, then by the name that is shown. Requests of those whom the user has blocked are left out.</summary>
    public async Task<IReadOnlyList<ContactListed>> ListAsync(long user, CancellationToken cancel)
    {
        await using var connection = await database.OpenAsync(cancel);
        var rows = await connection.RowsAsync<ListedRow>(new CommandDefinition(
            $"""
            SELECT c.other AS UserId, a.username AS Username, COALESCE(p.display_name, a.username) AS DisplayName, c.state AS State, c.since AS Since
            FROM contacts c JOIN accounts a ON a.user_id = c.other LEFT JOIN profiles p ON p.user_id = c.other
            WHERE c.user_id = @user
                AND NOT (c.state = {(int)ContactState.Pending} AND EXISTS (SELECT 1 FROM blocks b WHERE b.user_id = c.user_id AND b.blocked = c.other))
            """,
            new { user },
            cancellationToken: cancel));
        // Sorted here: the two databases have different ideas of the order of names.
        return
        [
            .. rows.OrderBy(row => row.State != (int)ContactState.Accepted)
                .ThenBy(row => row.DisplayName, StringComparer.InvariantCultureIgnoreCase)
                .ThenBy(row => row.Username, StringComparer.Ordinal)
                .Select(row => new ContactListed(row.UserId, row.Username, row.DisplayName, ContactStates.OfStored(row.State), row.Since)),
        ];
    }

    private async Task<ContactChange> ChangeAsync(long user, long other, Func<ContactFacts, ContactDecision> decide, CancellationToken cancel)
    {
        if (ContactRules.Refuse(user, other) is { } refused) return new ContactChange(default, default, refused);
        return await database.TransactAsync(async (connection, transaction) =>
        {
            var pair = new { user, other };
            var held = await connection.RowsAsync<long>(new CommandDefinition(
                $"SELECT user_id FROM accounts WHERE user_id IN (@user, @other) ORDER BY user_id {database.ForUpdate}", pair, transaction, cancellationToken: cancel));
            if (held.Count < 2) return new ContactChange(default, default, new Refused(Codes.NotFound, "there is no such user"));
            var row = (await connection.RowsAsync<FactsRow>(new CommandDefinition(Facts, pair, transaction, cancellationToken: cancel))).Single();
            var facts = new ContactFacts((ContactState)row.State, row.Blocks > 0, Math.Max(row.Mine, row.Theirs) >= ContactRules.MaxContacts);
            var decision = decide(facts);
            if (decision.After != facts.Before) await StoreAsync(connection, transaction, user, other, decision.After, cancel);
            return new ContactChange(facts.Before, decision.After, decision.Refused);
        }, cancel);
    }

    private const string Facts =
        """
        SELECT CAST(COALESCE((SELECT state FROM contacts WHERE user_id = @user AND other = @other), 0) AS bigint) AS State,
            (SELECT count(*) FROM blocks WHERE (user_id = @user AND blocked = @other) OR (user_id = @other AND blocked = @user)) AS Blocks,
            (SELECT count(*) FROM contacts WHERE user_id = @user) AS Mine,
            (SELECT count(*) FROM contacts WHERE user_id = @other) AS Theirs
        """;

    private Task<int> StoreAsync(DbConnection connection, DbTransaction transaction, long user, long other, ContactState state, CancellationToken cancel) =>
        connection.ExecuteAsync(new CommandDefinition(
            state == ContactState.None
                ? "DELETE FROM contacts WHERE (user_id = @user AND other = @other) OR (user_id = @other AND other = @user)"
                : $"""
                INSERT INTO contacts (user_id, other, state, since) VALUES (@user, @other, @mine, {database.Now}), (@other, @user, @theirs, {database.Now})
                ON CONFLICT (user_id, other) DO UPDATE SET state = excluded.state, since = excluded.since
                """,
            new { user, other, mine = (short)state, theirs = (short)ContactRules.Opposite(state) },
            transaction,
            cancellationToken: cancel));

    private sealed class FactsRow
    {
        public long State { get; init; }

        public long Blocks { get; init; }

        public long Mine { get; init; }

        public long Theirs { get; init; }
    }

    private sealed class ListedRow
    {
        public long UserId { get; init; }

        public string Username { get; init; } = "";

        public string DisplayName { get; init; } = "";

        public int State { get; init; }

        public long Since { get; init; }
    }
}
