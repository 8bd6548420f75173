using System.Threading.Channels;

namespace Im.Login.Passwords;

/// <summary>
/// Hashing burns a core for a tenth of a second, so it runs on threads of its own, one less than there are cores, and at most 20 wait for them: a flood
/// of logins costs the other services no more than that, and nobody waits for long.
/// </summary>
public sealed class PasswordQueue : IDisposable
{
    public const int MaxWaiting = 20;

    /// <summary>When to come back after a refusal.</summary>
    public static readonly TimeSpan RetryAfter = TimeSpan.FromSeconds(2);

    private readonly Channel<Action> _work = Channel.CreateBounded<Action>(MaxWaiting);

    public int Waiting => _work.Reader.Count;

    public PasswordQueue()
        : this(Math.Max(1, Environment.ProcessorCount - 1))
    {
    }

    public PasswordQueue(int workers)
    {
        for (var i = 0; i < workers; i++)
            new Thread(Work) { IsBackground = true, Name = "password hashing", Priority = ThreadPriority.BelowNormal }.Start();
    }

    /// <summary>The result of <paramref name="work"/>, or null at once when too many wait already.</summary>
    public Task<T>? TryRun<T>(Func<T> work)
    {
        var done = new TaskCompletionSource<T>(TaskCreationOptions.RunContinuationsAsynchronously);
        var taken = _work.Writer.TryWrite(() =>
        {
            try
            {
                done.SetResult(work());
            }
            catch (Exception fault)
            {
                done.SetException(fault);
            }
        });
        return taken ? done.Task : null;
    }

    /// <summary>What waits is still done; nothing more is taken.</summary>
    public void Dispose() => _work.Writer.TryComplete();

    private void Work()
    {
        var reader = _work.Reader;
        // A thread of its own may block; nothing else runs on it.
        while (reader.WaitToReadAsync().AsTask().GetAwaiter().GetResult())
        {
            while (reader.TryRead(out var work)) work();
        }
    }
}
