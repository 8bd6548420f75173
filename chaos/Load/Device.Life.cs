using Im.Chaos.Journals;

namespace Im.Chaos.Load;

internal abstract partial class Device
{
    private static readonly TimeSpan BackoffMin = TimeSpan.FromMilliseconds(100), BackoffMax = TimeSpan.FromSeconds(3);

    private readonly CancellationTokenSource _over = new();
    private Task _living = Task.CompletedTask;

    public void Start() => _living = Task.Run(() => LiveAsync(_over.Token));

    /// <summary>Returns when it has gone.</summary>
    public async Task EndAsync()
    {
        await _over.CancelAsync();
        await _living;
    }

    public async ValueTask DisposeAsync()
    {
        await EndAsync();
        _over.Dispose();
    }

    /// <summary>Connects once and returns when that connection has ended or the device has left. False: it never was welcome.</summary>
    protected abstract Task<bool> ConnectOnceAsync(CancellationToken cancel);

    /// <summary>How long the device means to stay.</summary>
    protected TimeSpan Stay() => plan.Habit switch
    {
        Habit.MostlyAway => Between(3, 8),
        Habit.Flitting => Between(2, 4),
        // Long enough for a message that neither the route nor the log brought to be late.
        Habit.Returning => Between(8, 10),
        _ => Timeout.InfiniteTimeSpan,
    };

    /// <summary>For devices that come and go: not while everybody has to be there.</summary>
    protected async Task WhenLeavingAsync(TimeSpan stay, CancellationToken cancel)
    {
        await Task.Delay(stay, cancel);
        if (scene.IsCalm) await Task.Delay(Timeout.InfiniteTimeSpan, cancel);
    }

    protected TimeSpan Between(double least, double most) => TimeSpan.FromSeconds(least + (Random.NextDouble() * (most - least)));

    /// <summary>No exception ends it: the system around it is being killed.</summary>
    private async Task LiveAsync(CancellationToken cancel)
    {
        var attempt = 0;
        // Half of those that are mostly away are so at first.
        var isAway = plan.Habit == Habit.MostlyAway && plan.Number % 2 == 0;
        while (!cancel.IsCancellationRequested)
        {
            try
            {
                if (isAway && !scene.IsCalm) await Task.WhenAny(Task.Delay(plan.Habit == Habit.MostlyAway ? Between(10, 30) : Between(0.05, 0.5), cancel), scene.Calmed);
                cancel.ThrowIfCancellationRequested();
                var wasWelcome = await ConnectOnceAsync(cancel);
                attempt = wasWelcome ? 0 : attempt + 1;
                isAway = wasWelcome && plan.Habit != Habit.Steady;
                if (isAway) Journal.Add(new GoesAway(Now));
                if (!isAway) await Task.Delay(Backoff(attempt), cancel);
            }
            catch (OperationCanceledException) when (cancel.IsCancellationRequested)
            {
                return;
            }
            catch (Exception e)
            {
                // A defect of the harness: it must be seen, and must not silence the device.
                scene.Found($"{Journal}: {e}");
                await Task.Delay(BackoffMax, CancellationToken.None);
            }
        }
    }

    private TimeSpan Backoff(int attempt)
    {
        var bound = BackoffMin * Math.Pow(2, Math.Min(attempt, 10));
        return BackoffMin + ((bound < BackoffMax ? bound : BackoffMax) - BackoffMin) * Random.NextDouble();
    }
}
