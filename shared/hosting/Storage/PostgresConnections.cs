using System.Diagnostics.CodeAnalysis;
using System.Net.Sockets;
using Npgsql;

namespace Im.Hosting.Storage;

/// <summary>
/// How a process comes by its connections: one that was begun is finished, whoever still waits for it. PostgreSQL starts a process of its own for each. Were it that
/// callers who give up throw away what they began, and begin again, a server that has fallen behind would start processes for those who have left and nothing else,
/// and not recover when the load is gone (seen: 14 services, 33 starts a second, for minutes).
/// </summary>
[SuppressMessage("Design", "CA1001", Justification = "A semaphore without a wait handle holds nothing, and an attempt may end after everything else.")]
internal sealed class PostgresConnections(NpgsqlDataSource source)
{
    /// <summary>Connections of a process. Nine processes share 100 by default; who finds none free waits.</summary>
    public const int Limit = 10;

    /// <summary>A send has to be answered within 3 s, and its sender repeats it.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(3);

    /// <summary>
    /// So many may ask the pool at once: more would not get anything, and those who left would be served before those who wait. Fewer hold back what it has, as each
    /// place is passed on by way of the thread pool (with two, 5,000 clients took more than two minutes to connect instead of 20 s).
    /// </summary>
    private readonly SemaphoreSlim _places = new(Limit);

    /// <summary>A free connection of the pool, at once where there is one.</summary>
    /// <exception cref="NpgsqlException">The database does not let anybody in; transient where there was none within 3 s.</exception>
    public async ValueTask<NpgsqlConnection> OpenAsync(CancellationToken cancel)
    {
        var began = TimeProvider.System.GetTimestamp();
        if (!await _places.WaitAsync(Patience, cancel)) throw Late();
        var opening = source.OpenConnectionAsync(CancellationToken.None).AsTask();
        try
        {
            var left = Patience - TimeProvider.System.GetElapsedTime(began);
            var connection = await opening.WaitAsync(left > TimeSpan.Zero ? left : TimeSpan.Zero, cancel);
            _places.Release();
            return connection;
        }
        catch (Exception fault)
        {
            _ = PoolAsync(opening);
            if (fault is TimeoutException) throw Late();
            throw;
        }
    }

    /// <summary>For the next one who asks: he is let in when it lies in the pool.</summary>
    private async Task PoolAsync(Task<NpgsqlConnection> opening)
    {
        try
        {
            await (await opening).DisposeAsync();
        }
        catch (Exception fault) when (fault is NpgsqlException or SocketException or ObjectDisposedException or OperationCanceledException)
        {
            // Nobody waits for it any more; the next one who asks is told.
        }
        finally
        {
            _places.Release();
        }
    }

    private static NpgsqlException Late() => new($"no connection within {Patience.TotalSeconds:0} s", new TimeoutException());
}
