using Im.Hosting;
using Microsoft.Extensions.Options;

namespace Im.Gateway.Inbound;

/// <summary>
/// One batch of a shard is on its way at a time, until its owner has answered all of it. What comes meanwhile piles up in this gateway and becomes one large batch.
/// Behind the broker it would pile up as many small ones, and each of those costs the broker and both ends about the same whatever it holds. (Two on their way
/// were measured to be dearer by a tenth to a quarter, and no faster at low load.)
/// </summary>
/// <remarks>
/// A window and no guarantee. An answer that was lost on its way, or an owner that is away, holds the next batch back for <see cref="Patience"/>; then it goes, and
/// what was not answered is not counted any more. Should its answers come after all, there are two batches on their way until the shard is idle for a moment.
/// </remarks>
public sealed class SubmitWindows(IOptions<ImOptions> options, TimeProvider time)
{
    /// <summary>Longer than a full commit takes on two slow cores (300 ms, measured); short beside the 3.5 s after which a send is refused.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromMilliseconds(500);

    private readonly Window[] _windows = [.. Enumerable.Range(0, options.Value.Shards).Select(_ => new Window())];

    public int Shards => _windows.Length;

    /// <summary>To be told before the batch is handed over: its answers may come before that is confirmed.</summary>
    public void Sent(int shard, int sends) => _windows[shard].Sent(sends);

    /// <summary>So many sends of the shard were answered, or will not be.</summary>
    public void Answered(int shard, int sends) => _windows[shard].Answered(sends);

    /// <summary>Returns when the last batch is answered, or was waited for long enough.</summary>
    public Task OpenAsync(int shard, CancellationToken cancel) => _windows[shard].OpenAsync(time, cancel);

    private sealed class Window
    {
        private readonly Lock _lock = new();
        private int _unanswered;
        private TaskCompletionSource? _opened;

        public void Sent(int sends)
        {
            lock (_lock) _unanswered += sends;
        }

        public void Answered(int sends)
        {
            TaskCompletionSource? opened = null;
            lock (_lock)
            {
                // Answers to what is not counted any more come too.
                _unanswered = Math.Max(0, _unanswered - sends);
                if (_unanswered == 0) (opened, _opened) = (_opened, null);
            }

            opened?.SetResult();
        }

        public Task OpenAsync(TimeProvider time, CancellationToken cancel)
        {
            lock (_lock)
            {
                if (_unanswered == 0) return Task.CompletedTask;
                _opened = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
                return WaitAsync(_opened.Task, time, cancel);
            }
        }

        private async Task WaitAsync(Task opened, TimeProvider time, CancellationToken cancel)
        {
            await opened.WaitAsync(Patience, time, cancel).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            cancel.ThrowIfCancellationRequested();
            if (opened.IsCompleted) return;
            lock (_lock) (_unanswered, _opened) = (0, null);
        }
    }
}
