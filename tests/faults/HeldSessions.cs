using Npgsql;

namespace Im.Faults.Tests;

/// <summary>Nobody reads sessions in the database until it is disposed: not longer than 5 s, for then a question is given up.</summary>
public sealed class HeldSessions : IAsyncDisposable
{
    private readonly NpgsqlConnection _holding, _looking;

    private HeldSessions(NpgsqlConnection holding, NpgsqlConnection looking) => (_holding, _looking) = (holding, looking);

    public static async Task<HeldSessions> TakeAsync(Func<Task<NpgsqlConnection>> open, CancellationToken cancel)
    {
        // Two: what a transaction has seen of others' doings stays as it was to its end.
        var held = new HeldSessions(await open(), await open());
        await using var take = new NpgsqlCommand("BEGIN; LOCK TABLE sessions IN ACCESS EXCLUSIVE MODE", held._holding);
        await take.ExecuteNonQueryAsync(cancel);
        return held;
    }

    /// <summary>Hellos that ask for their session. (A gateway's look once a second at the sessions that it holds waits as well, and asks in another way.)</summary>
    public async Task<long> CountHellosAsync(CancellationToken cancel)
    {
        await using var count = new NpgsqlCommand("SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND query LIKE '%token_hash = %'", _looking);
        return (long)(await count.ExecuteScalarAsync(cancel))!;
    }

    public async ValueTask DisposeAsync()
    {
        await _holding.DisposeAsync();
        await _looking.DisposeAsync();
    }
}
