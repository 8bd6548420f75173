using System.Collections.Concurrent;
using Im.Contracts;
using Im.Contracts.Messages;
using Im.Hosting.Bus;

namespace Im.Gateway.Cursors;

/// <summary>
/// What devices acknowledged, coalesced and reported in batches. Few are reported at once, so that a new device starts where the others are; under load
/// every two seconds, for a cursor moves many times in that while. A lost report costs repeats on the wire after a reconnect.
/// </summary>
public sealed class CursorReporter(BusCalls bus, TimeProvider time) : BackgroundService
{
    /// <summary>Cursors that wait at most; an acknowledgement beyond is dropped and its message repeated after a reconnect.</summary>
    private const int Waiting = 200_000;

    private const int BatchCursors = 2_000;
    private const int Few = 200;
    private static readonly TimeSpan Tick = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan UnderLoad = TimeSpan.FromSeconds(2);
    private readonly ConcurrentDictionary<(long Device, ConversationId Conversation), CursorMoved> _moved = new();

    /// <param name="read">0 where only the delivery is told.</param>
    public void Moved(long user, long device, ConversationId conversation, long delivered, long read)
    {
        var fresh = new CursorMoved(user, device, conversation.ToGuid(), delivered, read);
        if (_moved.Count >= Waiting && !_moved.ContainsKey((device, conversation))) return;
        _moved.AddOrUpdate((device, conversation), fresh, (_, before) => Later(before, fresh));
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Tick, time);
        var reported = time.GetTimestamp();
        try
        {
            while (await timer.WaitForNextTickAsync(stoppingToken))
            {
                if (_moved.IsEmpty || (_moved.Count > Few && time.GetElapsedTime(reported) < UnderLoad)) continue;
                reported = time.GetTimestamp();
                await ReportAsync(stoppingToken);
            }
        }
        catch (OperationCanceledException)
        {
            await ReportAsync(CancellationToken.None);
        }
    }

    private async Task ReportAsync(CancellationToken cancel)
    {
        foreach (var keys in _moved.Keys.Chunk(BatchCursors))
        {
            var batch = new List<CursorMoved>(keys.Length);
            foreach (var key in keys)
                if (_moved.TryRemove(key, out var one)) batch.Add(one);
            if (await bus.TryPublishAsync(new ReportCursors(batch), cancel)) continue;
            foreach (var one in batch)
                _moved.AddOrUpdate((one.DeviceKey, ConversationId.FromGuid(one.Conversation)), one, (_, newer) => Later(one, newer));
            return;
        }
    }

    private static CursorMoved Later(CursorMoved one, CursorMoved other) =>
        one with { Delivered = Math.Max(one.Delivered, other.Delivered), Read = Math.Max(one.Read, other.Read) };
}
