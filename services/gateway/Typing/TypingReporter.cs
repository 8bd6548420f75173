using System.Threading.Channels;
using Im.Contracts;
using Im.Contracts.Messages;
using Im.Hosting.Bus;

namespace Im.Gateway.Typing;

/// <summary>Who types where, many in one report, ten reports a second. Nothing is repeated: what the broker does not take is over before it would.</summary>
public sealed class TypingReporter(BusCalls bus, TimeProvider time) : BackgroundService
{
    /// <summary>Typing users that wait at most; one more is dropped, he types again in three seconds.</summary>
    private const int Waiting = 10_000;

    /// <summary>In one report: each may be told to a hundred, and their routes are read at once.</summary>
    private const int BatchTyped = 200;

    private static readonly TimeSpan Tick = TimeSpan.FromMilliseconds(100);

    private readonly Channel<UserTyped> _typed =
        Channel.CreateBounded<UserTyped>(new BoundedChannelOptions(Waiting) { SingleReader = true, FullMode = BoundedChannelFullMode.DropWrite });

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
                while (_typed.Reader.TryRead(out _))
                {
                }
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
