using Npgsql;

namespace Im.Message.Log;

/// <summary>
/// Where a standby has to have every commit, none counts before it has. PostgreSQL itself says less: asked to give up a commit that waits for its standby, as Npgsql
/// asks after 5 s, it keeps the rows, shows them to everybody, reports success, and tells in a warning that they may be on this machine alone.
/// </summary>
public sealed partial class PostgresMessageLog
{
    /// <summary>The function of the server that warns; its text may be in any language.</summary>
    private const string WaitForStandby = "SyncRepWaitForLSN";

    /// <exception cref="TimeoutException">The commit is on the server, and no standby has confirmed it: whether it stays is not known.</exception>
    private async Task ConfirmedAsync(Func<NpgsqlConnection, Task> write, CancellationToken cancel)
    {
        await using var connection = await database.ConnectAsync(cancel);
        var isAlone = false;
        connection.Notice += Hear;
        try
        {
            await write(connection);
        }
        finally
        {
            connection.Notice -= Hear;
        }

        if (isAlone) throw new TimeoutException("no standby has confirmed the commit");

        void Hear(object sender, NpgsqlNoticeEventArgs said) => isAlone |= said.Notice.Routine == WaitForStandby;
    }

    /// <summary>
    /// Returns when a standby has everything that was seen before the call: a commit of one's own lies behind all of that in the server's journal, and waits for its
    /// turn. 2 ms, and asked only for rows of which nobody here knows how they came about.
    /// </summary>
    private Task ConfirmSeenAsync(CancellationToken cancel) => ConfirmedAsync(
        async connection =>
        {
            await using var mark = new NpgsqlCommand("SELECT pg_logical_emit_message(true, 'im', '')", connection);
            await mark.ExecuteNonQueryAsync(cancel);
        },
        cancel);
}
