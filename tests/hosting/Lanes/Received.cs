using System.Collections.Concurrent;
using System.Threading.Channels;
using Im.Hosting.Lanes;

namespace Im.Hosting.Tests.Lanes;

/// <summary>Collects what a reader is given, and waits for it.</summary>
/// <param name="settle">Settles each batch as it comes.</param>
/// <param name="wasRepeated">Tells of a number whether it was handed over more than once, since nothing was known of it: then it counts once.</param>
public sealed class Received(bool settle = false, Func<int, bool>? wasRepeated = null)
{
    private readonly Channel<LaneBatch> _channel = Channel.CreateUnbounded<LaneBatch>();
    private readonly ConcurrentDictionary<int, byte> _numbers = new();

    public async ValueTask TakeAsync(IShardReader reader, LaneBatch batch)
    {
        if (settle) await reader.SettleAsync(batch.Tag, CancellationToken.None);
        await KeepAsync(batch);
    }

    public ValueTask TakeAsync(ReadOnlyMemory<byte> envelope) => KeepAsync(new LaneBatch(envelope, false, 0));

    public async Task<LaneBatch[]> BatchesAsync(int count)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        limit.CancelAfter(TimeSpan.FromSeconds(30));
        var batches = new LaneBatch[count];
        for (var i = 0; i < count; i++)
        {
            try
            {
                batches[i] = await _channel.Reader.ReadAsync(limit.Token);
            }
            catch (OperationCanceledException)
            {
                Assert.Fail($"{i} of {count} batches came: {string.Join(' ', batches.Take(i).Select(batch => MessageLanesSpec.Number(batch.Body)))}");
            }
        }

        return batches;
    }

    public async Task<int[]> NumbersAsync(int count) => [.. (await BatchesAsync(count)).Select(batch => MessageLanesSpec.Number(batch.Body))];

    private ValueTask KeepAsync(LaneBatch batch)
    {
        var number = MessageLanesSpec.Number(batch.Body);
        return _numbers.TryAdd(number, 0) || wasRepeated?.Invoke(number) != true ? _channel.Writer.WriteAsync(batch) : ValueTask.CompletedTask;
    }
}
