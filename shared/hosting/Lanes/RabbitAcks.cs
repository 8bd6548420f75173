using RabbitMQ.Client;
using RabbitMQ.Client.Exceptions;

namespace Im.Hosting.Lanes;

/// <summary>
/// Acknowledges the deliveries of a channel many at a time: one acknowledgement covers all before it, and each is a packet, a wake-up of the broker and work of its
/// queue, as much as a message. What is to be acknowledged waits for 32 of them or 100 ms. A crash within that brings them again, as it may anyway.
/// </summary>
internal sealed class RabbitAcks : IAsyncDisposable
{
    /// <summary>An eighth of what a shard's reader is given at once, so that the broker never waits for it.</summary>
    private const int Many = 32;

    /// <summary>Ten packets a second and channel at low load; the broker closes a channel that owes one for half an hour.</summary>
    private static readonly TimeSpan Soon = TimeSpan.FromMilliseconds(100);

    private readonly IChannel _channel;
    private readonly TimeProvider _time;
    private readonly SemaphoreSlim _one = new(1, 1);
    private readonly CancellationTokenSource _ending = new();
    private readonly CancellationToken _ended;
    private ulong _upTo, _told;
    private int _isWaiting;
    private Task _later = Task.CompletedTask;

    public RabbitAcks(IChannel channel, TimeProvider time) => (_channel, _time, _ended) = (channel, time, _ending.Token);

    /// <summary>This delivery and all before it. Called by one after the other, with tags that rise.</summary>
    public async ValueTask UpToAsync(ulong tag, CancellationToken cancel)
    {
        Volatile.Write(ref _upTo, tag);
        if (tag - Volatile.Read(ref _told) >= Many) await TellAsync(cancel);
        else if (Interlocked.Exchange(ref _isWaiting, 1) == 0) _later = TellLaterAsync();
    }

    /// <summary>Tells what waits, for what comes after is the end of the channel.</summary>
    public async ValueTask DisposeAsync()
    {
        await _ending.CancelAsync();
        await _later;
        using var limited = new CancellationTokenSource(RabbitLanes.Limit, _time);
        await TellAsync(limited.Token);
        _ending.Dispose();
        _one.Dispose();
    }

    private async Task TellLaterAsync()
    {
        await Task.Delay(Soon, _time, _ended).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        // Before what is to be told is read: who finds this set comes with it.
        Interlocked.Exchange(ref _isWaiting, 0);
        if (!_ended.IsCancellationRequested) await TellAsync(_ended);
    }

    /// <summary>One at a time: an acknowledgement behind a later one is a fault to the broker.</summary>
    private async Task TellAsync(CancellationToken cancel)
    {
        try
        {
            await _one.WaitAsync(cancel);
            try
            {
                var upTo = Volatile.Read(ref _upTo);
                if (upTo == _told || !_channel.IsOpen) return;
                await _channel.BasicAckAsync(upTo, multiple: true, cancel);
                Volatile.Write(ref _told, upTo);
            }
            finally
            {
                _one.Release();
            }
        }
        catch (Exception fault) when (fault is AlreadyClosedException or ObjectDisposedException or OperationCanceledException)
        {
            // The channel went, or its end would not wait: they come again to whoever reads next, and are recognized.
        }
    }
}
