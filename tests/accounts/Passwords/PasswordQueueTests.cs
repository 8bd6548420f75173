using Im.Login.Passwords;

namespace Im.Accounts.Tests.Passwords;

public sealed class PasswordQueueTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    [Fact]
    [Trait("abuse", "33")]
    public async Task When_twenty_wait_the_next_is_refused_at_once_and_none_is_lost()
    {
        using var queue = new PasswordQueue(workers: 1);
        using var gate = new ManualResetEventSlim();
        var begun = new TaskCompletionSource();
        var first = queue.TryRun(() =>
        {
            begun.SetResult();
            return gate.Wait(Patience);
        });
        await begun.Task.WaitAsync(Patience);
        var waiting = Enumerable.Range(0, PasswordQueue.MaxWaiting).Select(number => queue.TryRun(() => number)).ToList();

        Assert.DoesNotContain(null, waiting);
        Assert.Null(queue.TryRun(() => 0));

        gate.Set();
        Assert.True(await first!.WaitAsync(Patience));
        Assert.Equal(Enumerable.Range(0, PasswordQueue.MaxWaiting), await Task.WhenAll(waiting!).WaitAsync(Patience));
    }

    [Fact]
    public async Task A_fault_reaches_who_asked_and_the_next_is_served()
    {
        using var queue = new PasswordQueue(workers: 1);

        await Assert.ThrowsAsync<InvalidOperationException>(() => queue.TryRun<int>(() => throw new InvalidOperationException())!.WaitAsync(Patience));
        Assert.Equal(1, await queue.TryRun(() => 1)!.WaitAsync(Patience));
    }

    [Fact]
    [Trait("abuse", "33")]
    public async Task Hashing_runs_on_no_thread_of_the_pool()
    {
        using var queue = new PasswordQueue(workers: 1);

        Assert.False(await queue.TryRun(() => Thread.CurrentThread.IsThreadPoolThread)!.WaitAsync(Patience));
    }
}
