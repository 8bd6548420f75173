using System.Threading.Channels;
using Im.Contracts;
using Im.Contracts.Messages;
using Im.Hosting.Bus;
using Im.Hosting.Telemetry;

namespace Im.Gateway.Typing;

/// <summary>Who types where, many in one report, ten reports a second. Nothing is repeated: what the broker does not take is over before it would.</summary>
public sealed class TypingReporter(BusCalls bus, ImMetrics metrics, TimeProvider time) : BackgroundService
{
    /// <summary>Typing users that wait at most; one more is dropped, he types again in three seconds.</summary>
    private const int MaxWaiting = 10_000;

    /// <summary>In one report: each may be told to a hundred, and their routes are read at once.</summary>
    private const int BatchTyped = 200;

    private static readonly TimeSpan Tick = TimeSpan.FromMilliseconds(100);

    private readonly Channel<UserTyped> _typed =
        Channel.CreateBounded<UserTyped>(
            new BoundedChannelOptions(MaxWaiting) { SingleReader = true, FullMode = BoundedChannelFullMode.DropWrite }, _ => metrics.Dropped(0, 1));

    public int Waiting => _typed.Reader.Count;

    public void Typed(long user, ConversationId conversation) => _typed.Writer.TryWrite(new UserTyped(user, conversation.ToGuid()));

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Tick, time);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            while (Take() is { Count: > 0 } batch)
            {
                if (await bus.TryPublishAsync(new ReportTyping(batch), stoppingToken, ReportTyping.Lifetime)) continue;
                // Seconds went by: what waited behind it is as old.
                var dropped = batch.Count;
                while (_typed.Reader.TryRead(out _)) dropped++;
                metrics.Dropped(0, dropped);
            }
        }
    }

    private List<UserTyped> Take()
    {
        var batch = new List<UserTyped>();
        while (batch.Count < BatchTyped && _typed.Reader.TryRead(out var one)) batch.Add(one);
        return batch;
    }
}
