using Im.Flow.Tests.Systems;

namespace Im.Flow.Tests.Conversations;

public sealed class PushInStandalone(RunningSystems systems) : PushSpec(systems.StandaloneAsync);

public sealed class PushInFull(RunningSystems systems) : PushSpec(systems.FullAsync);

/// <summary>
/// Messages come at once. A single one may be lost on its way and comes with the next comparison with the log, within half a minute, and tests leave it that
/// time: they would not notice if all of them came so.
/// </summary>
public abstract class PushSpec(Func<Task<RunningSystem>> start) : FlowTest(start)
{
    /// <summary>Half of the time between two comparisons.</summary>
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(15);

    [Fact]
    public async Task Most_messages_do_not_wait_for_a_comparison_with_the_log()
    {
        const int Count = 5;
        var (ann, bob) = (await NewUserAsync(), await NewUserAsync());
        var (anns, bobs) = (await ConnectAsync(ann), await ConnectAsync(bob, System.OtherGateway));
        var soon = 0;
        for (var number = 1; number <= Count; number++)
        {
            await anns.SayAsync(To(bob), $"{number}");
            var accepted = TimeProvider.System.GetTimestamp();
            await bobs.MessageAsync($"{number}");
            if (TimeProvider.System.GetElapsedTime(accepted) < Soon) soon++;
        }

        // Of those that wait for a comparison each waits a whole period for it, but the first: it was said at any time between two.
        Assert.InRange(soon, 3, Count);
    }
}
