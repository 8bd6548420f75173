using System.Collections.Concurrent;
using Im.Contracts;
using Im.Contracts.Messages;
using Im.Hosting.Bus;

namespace Im.Gateway.Cursors;

/// <summary>
/// What devices acknowledged, coalesced and reported in batches. Few are reported at once, so that a new device starts where the others are; under load
/// every two seconds, for a cursor moves many times in that while. What is not answered as stored is reported again: it waits here, one entry per cursor, while
/// the database or the broker is away.
/// </summary>
public sealed class CursorReporter(BusCalls bus, TimeProvider time) : BackgroundService
{
    /// <summary>Cursors that wait at most; an acknowledgement beyond is dropped and its message repeated after a reconnect.</summary>
    private const int MaxWaiting = 200_000;

    private const int BatchCursors = 2_000;
    private const int Few = 200;
    private static readonly TimeSpan Tick = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan UnderLoad = TimeSpan.FromSeconds(2);
    private readonly ConcurrentDictionary<(long Device, ConversationId Conversation), CursorMoved> _moved = new();

    /// <summary>Counted here: the dictionary's own count takes all of its locks, which on this path was half of the gateway's time (measured).</summary>
    private int _count;

    public int Waiting => Volatile.Read(ref _count);

    /// <param name="read">0 where only the delivery is told.</param>
    public void Moved(long user, long device, ConversationId conversation, long delivered, long read)
    {
        Merge((device, conversation), new CursorMoved(user, device, conversation.ToGuid(), delivered, read));
    }

    private void Merge((long Device, ConversationId Conversation) key, CursorMoved fresh)
    {
        while (true)
        {
            if (_moved.TryGetValue(key, out var before))
            {
                if (_moved.TryUpdate(key, Later(before, fresh), before)) return;
            }
            else
            {
                if (Volatile.Read(ref _count) >= MaxWaiting) return;
                if (!_moved.TryAdd(key, fresh)) continue;
                Interlocked.Increment(ref _count);
                return;
            }
        }
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Tick, time);
        var reported = time.GetTimestamp();
        try
        {
            while (await timer.WaitForNextTickAsync(stoppingToken))
            {
                var count = Volatile.Read(ref _count);
                if (count == 0 || (count > Few && time.GetElapsedTime(reported) < UnderLoad)) continue;
                reported = time.GetTimestamp();
                await ReportAsync();
            }
        }
        catch (OperationCanceledException)
        {
            await ReportAsync();
        }
    }

    private async Task ReportAsync()
    {
        foreach (var keys in _moved.Keys.Chunk(BatchCursors))
        {
            var batch = new List<CursorMoved>(keys.Length);
            foreach (var key in keys)
            {
                if (!_moved.TryRemove(key, out var one)) continue;
                Interlocked.Decrement(ref _count);
                batch.Add(one);
            }

            // Not ended by the stop, which would take the batch with it; the call has a limit of its own.
            if ((await bus.AskAsync<ReportCursors, CursorsStored>(new ReportCursors(batch), CancellationToken.None)).IsOk) continue;
            foreach (var one in batch) Merge((one.DeviceKey, ConversationId.FromGuid(one.Conversation)), one);
            return;
        }
    }

    private static CursorMoved Later(CursorMoved one, CursorMoved other) =>
        one with { Delivered = Math.Max(one.Delivered, other.Delivered), Read = Math.Max(one.Read, other.Read) };
}
