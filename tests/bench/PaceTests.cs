using System.Diagnostics;
using Im.Bench.Load;

namespace Im.Bench.Tests;

/// <summary>When the messages of an open loop leave, and from when their latency counts.</summary>
public sealed class PaceTests
{
    [Fact]
    public async Task A_message_leaves_when_it_is_due_and_not_when_the_next_one_is()
    {
        var sent = await SentAsync(rate: 1, count: 2);
        Assert.All(sent, one => Assert.InRange(Stopwatch.GetElapsedTime(one.Due, one.Sent).TotalSeconds, 0, 0.5));
        Assert.Equal(1, Stopwatch.GetElapsedTime(sent[0].Due, sent[1].Due).TotalSeconds, 3);
    }

    [Fact]
    public async Task What_nobody_could_take_is_sent_later_and_counts_from_when_it_was_due()
    {
        var sent = await SentAsync(rate: 100, count: 20, busyFor: TimeSpan.FromSeconds(0.1));
        Assert.True(Stopwatch.GetElapsedTime(sent[0].Due, sent[0].Sent) > TimeSpan.FromSeconds(0.09));
        Assert.All(sent.Zip(sent.Skip(1)), pair => Assert.Equal(0.01, Stopwatch.GetElapsedTime(pair.First.Due, pair.Second.Due).TotalSeconds, 4));
    }

    private static async Task<List<(long Due, long Sent)>> SentAsync(int rate, int count, TimeSpan busyFor = default)
    {
        using var enough = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        var sender = new Sender(count, busyFor, enough);
        await Pace.RunAsync([sender], rate, enough.Token);
        return sender.Sent;
    }

    private sealed class Sender(int count, TimeSpan busyFor, CancellationTokenSource enough) : ISender
    {
        private long _began;

        public List<(long Due, long Sent)> Sent { get; } = [];

        public bool TrySend(long due)
        {
            if (_began == 0) _began = due;
            if (Stopwatch.GetElapsedTime(_began) < busyFor || Sent.Count == count) return false;
            Sent.Add((due, Stopwatch.GetTimestamp()));
            if (Sent.Count == count) enough.Cancel();
            return true;
        }

        public void Start() => throw new InvalidOperationException("an open loop");

        public void StopSending() => throw new InvalidOperationException("an open loop");
    }
}
