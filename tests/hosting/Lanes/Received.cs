using System.Threading.Channels;
using Im.Hosting.Lanes;

namespace Im.Hosting.Tests.Lanes;

/// <summary>Collects what a reader is given, and waits for it.</summary>
public sealed class Received(bool settle = false)
{
    private readonly Channel<LaneBatch> _channel = Channel.CreateUnbounded<LaneBatch>();

    public async ValueTask TakeAsync(IShardReader reader, LaneBatch batch)
    {
        if (settle) await reader.SettleAsync(batch.Tag, CancellationToken.None);
        await _channel.Writer.WriteAsync(batch);
    }

    public ValueTask TakeAsync(ReadOnlyMemory<byte> envelope) => _channel.Writer.WriteAsync(new LaneBatch(envelope, false, 0));

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
}
