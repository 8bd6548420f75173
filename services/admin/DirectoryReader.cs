using Dapper;
using Im.Hosting.Storage;

namespace Im.Admin;

/// <summary>The few facts that no service has to be asked for.</summary>
public sealed class DirectoryReader(Database database)
{
    public async Task<bool> HasUserAsync(long userId, CancellationToken cancel)
    {
        await using var connection = await database.OpenAsync(cancel);
        return await connection.ExecuteScalarAsync<long>(new CommandDefinition(
            "SELECT count(*) FROM accounts WHERE user_id = @userId", new { userId }, cancellationToken: cancel)) == 1;
    }

    /// <summary>The ids that clients know these devices by.</summary>
    public async Task<IReadOnlyDictionary<long, string>> DeviceIdsAsync(IEnumerable<long> deviceKeys, CancellationToken cancel)
    {
        await using var connection = await database.OpenAsync(cancel);
        var rows = await connection.RowsAsync<(long Key, string Id)>(new CommandDefinition(
            $"SELECT device_key, device_id FROM devices WHERE {database.AnyOf("device_key", "@keys")}",
            new { keys = database.List(deviceKeys) },
            cancellationToken: cancel));
        return rows.ToDictionary(row => row.Key, row => row.Id);
    }
}
