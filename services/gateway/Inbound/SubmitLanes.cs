using Im.Hosting;
using Microsoft.Extensions.Options;

namespace Im.Gateway.Inbound;

/// <summary>Which send, as its answer names it.</summary>
public readonly record struct SentKey(long Connection, string ClientId);

/// <summary>
/// The lane that each shard's sends take at the moment, and a window for each lane: one batch is on its way at a time, until all of it is answered. What comes meanwhile
/// piles up in this gateway and becomes one large batch. Behind the broker it would pile up as many small ones, and each of those costs the broker and both ends about the
/// same whatever it holds. (Two on their way were measured to be dearer by a tenth to a quarter, and no faster at low load.)
/// </summary>
/// <remarks>
/// An answer that was lost on its way, or an owner that is away, holds the next batch back for <see cref="Patience"/>; then it goes, and the one before is not waited for any more.
/// A shard may take another lane when the last batch of its own is answered: a queue is read in order, so all before it is decided too. Answers are told from each other by what they answer, since after a
/// hand-over a batch may be answered twice. Where a lane is not answered, a shard may leave it when its last send is so old that it was refused (<see cref="Refused"/>): what is refused has lost its place.
/// </remarks>
public sealed class SubmitLanes(IOptions<ImOptions> options, TimeProvider time)
{
    /// <summary>Longer than a full commit takes on two slow cores (300 ms, measured); short beside the 3.5 s after which a send is refused.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromMilliseconds(500);

    /// <summary>Every send of so long ago is answered or refused: 3.5 s, and the tick that sees to it.</summary>
    public static readonly TimeSpan Refused = TimeSpan.FromSeconds(5);

    private readonly int[] _laneOf = [.. Enumerable.Range(0, options.Value.Shards)];
    private readonly long[] _lastSent = new long[options.Value.Shards];
    private readonly Window[] _windows = [.. Enumerable.Range(0, options.Value.Shards).Select(_ => new Window(time))];

    public int Shards => _windows.Length;

    public int LaneOf(int shard) => Volatile.Read(ref _laneOf[shard]);

    /// <summary>Only by who sends on the lane that the shard has. False while its sends may still be on their way there.</summary>
    public bool TryMove(int shard, int lane)
    {
        if (!_windows[LaneOf(shard)].IsSettled && time.GetElapsedTime(_lastSent[shard]) < Refused) return false;
        Volatile.Write(ref _laneOf[shard], lane);
        return true;
    }

    /// <summary>A send that goes with the lane's next batch. To be told before that is handed over: its answers may come before the hand-over is confirmed.</summary>
    public void Sends(int shard, SentKey send)
    {
        _lastSent[shard] = time.GetTimestamp();
        _windows[LaneOf(shard)].Sends(send);
    }

    public void Answered(int shard, SentKey send) => _windows[LaneOf(shard)].Answered(send);

    /// <summary>The last batch of the lane was not handed over, as far as anybody knows.</summary>
    public void GiveUp(int lane) => _windows[lane].GiveUp();

    /// <summary>Returns when the last batch is answered, or was waited for long enough.</summary>
    public Task OpenAsync(int lane, CancellationToken cancel) => _windows[lane].OpenAsync(cancel);

    private sealed class Window(TimeProvider time)
    {
        private readonly Lock _lock = new();
        private readonly HashSet<SentKey> _unanswered = [];
        private bool _isGivenUp;
        private TaskCompletionSource? _opened;

        public bool IsSettled
        {
            get
            {
                lock (_lock) return _unanswered.Count == 0 && !_isGivenUp;
            }
        }

        public void Sends(SentKey send)
        {
            lock (_lock) _unanswered.Add(send);
        }

        public void Answered(SentKey send)
        {
            TaskCompletionSource? opened = null;
            lock (_lock)
            {
                if (!_unanswered.Remove(send) || _unanswered.Count > 0) return;
                _isGivenUp = false;
                (opened, _opened) = (_opened, null);
            }

            opened?.SetResult();
        }

        public void GiveUp()
        {
            lock (_lock)
            {
                _unanswered.Clear();
                (_isGivenUp, _opened) = (true, null);
            }
        }

        public Task OpenAsync(CancellationToken cancel)
        {
            lock (_lock)
            {
                if (_unanswered.Count == 0) return Task.CompletedTask;
                _opened = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
                return WaitAsync(_opened.Task, cancel);
            }
        }

        private async Task WaitAsync(Task opened, CancellationToken cancel)
        {
            await opened.WaitAsync(Patience, time, cancel).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            cancel.ThrowIfCancellationRequested();
            if (!opened.IsCompleted) GiveUp();
        }
    }
}
