using Dapper;
using Im.Contracts.Messages;
using Im.Hosting.Storage;

namespace Im.Gateway.Contacts;

/// <summary>Reads how two users stand to each other. The profile service alone writes it.</summary>
public sealed class ContactReader(Database database)
{
    /// <summary>As the user's list shows it: a request of somebody whom he has blocked is not there.</summary>
    public async Task<string> StateAsync(long user, long other, CancellationToken cancel)
    {
        await using var connection = await database.OpenAsync(cancel);
        return ContactStates.OfStored(await connection.ExecuteScalarAsync<int>(new CommandDefinition(
            // State 2: pending.
            """
            SELECT c.state FROM contacts c WHERE c.user_id = @user AND c.other = @other
                AND NOT (c.state = 2 AND EXISTS (SELECT 1 FROM blocks b WHERE b.user_id = c.user_id AND b.blocked = c.other))
            """,
            new { user, other },
            cancellationToken: cancel)));
    }
}
