using System.Runtime.InteropServices;
using Im.Hosting;
using Microsoft.Extensions.Options;

namespace Im.Gateway.Inbound;

/// <summary>Which send, as its answer names it.</summary>
public readonly record struct SentKey(int Shard, long Connection, string ClientId);

/// <summary>
/// The lane that each shard's sends take at the moment, and a window for each lane: one batch is on its way at a time, until all of it is answered. What comes meanwhile
/// piles up in this gateway and becomes one large batch. Behind the broker it would pile up as many small ones, and each of those costs the broker and both ends about the
/// same whatever it holds. (Two on their way were measured to be dearer by a tenth to a quarter, and no faster at low load.)
/// </summary>
/// <remarks>
/// An answer that was lost on its way, or an owner that is away, holds the next batch back for <see cref="Patience"/>; then it goes, and the one before is not waited for any more.
/// A shard takes another lane when every send of its own is answered, however late. The answers are counted by what they answer: after a hand-over a batch may be answered
/// twice, and a client may repeat an id. Of a send that is not answered at all nobody knows any more after <see cref="Refused"/>: it was refused by then, and what is refused has lost its place.
/// </remarks>
public sealed class SubmitLanes(IOptions<ImOptions> options, TimeProvider time)
{
    /// <summary>Longer than a full commit takes on two slow cores (300 ms, measured); short beside the 3.5 s after which a send is refused.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromMilliseconds(500);

    /// <summary>Every send of so long ago is answered or refused: its connection sees to that 3.5 s after the frame came, and looks four times a second.</summary>
    public static readonly TimeSpan Refused = TimeSpan.FromSeconds(5);

    private readonly Lock _lock = new();
    private readonly Shard[] _shards = [.. Enumerable.Range(0, options.Value.Shards).Select(shard => new Shard { Lane = shard })];
    private readonly Window[] _windows = [.. Enumerable.Range(0, options.Value.Shards).Select(_ => new Window())];
    private long _batches;

    public int Shards => _shards.Length;

    public int LaneOf(int shard) => Volatile.Read(ref _shards[shard].Lane);

    /// <summary>Only by who sends on the lane that the shard has. False while sends of the shard are under way there.</summary>
    public bool TryMove(int shard, int lane)
    {
        lock (_lock)
        {
            ForgetRefused(_shards[shard]);
            if (_shards[shard].Undecided.Count > 0) return false;
            Volatile.Write(ref _shards[shard].Lane, lane);
            return true;
        }
    }

    /// <summary>The lane's next batch. To be told before it is handed over: answers may come before the hand-over is confirmed.</summary>
    public void Sends(int lane, IReadOnlyList<SentKey> batch)
    {
        var now = time.GetTimestamp();
        lock (_lock)
        {
            var number = ++_batches;
            foreach (var send in batch)
            {
                ref var one = ref CollectionsMarshal.GetValueRefOrAddDefault(_shards[send.Shard].Undecided, send, out _);
                one = new Undecided(one.Times + 1, number, now);
            }

            (_windows[lane].Batch, _windows[lane].Unanswered) = (number, batch.Count);
        }
    }

    /// <summary>All that an envelope answers; or what is known not to be on its way.</summary>
    public void Answered(IReadOnlyList<SentKey> sends)
    {
        if (sends.Count == 0) return;
        lock (_lock)
        {
            foreach (var send in sends)
            {
                var (undecided, lane) = (_shards[send.Shard].Undecided, _windows[_shards[send.Shard].Lane]);
                if (!undecided.TryGetValue(send, out var one)) continue;
                if (one.Times > 1) undecided[send] = one with { Times = one.Times - 1 };
                else undecided.Remove(send);
                if (one.Batch == lane.Batch && --lane.Unanswered == 0) lane.Open();
            }
        }
    }

    /// <summary>The lane's batch is not waited for any more: it may be on its way or not.</summary>
    public void GiveUp(int lane)
    {
        lock (_lock)
        {
            _windows[lane].Open();
            // Where answers are lost, their sends would pile up.
            foreach (var shard in _shards) ForgetRefused(shard);
        }
    }

    /// <summary>Returns when the last batch is answered, or was waited for long enough.</summary>
    public async Task OpenAsync(int lane, CancellationToken cancel)
    {
        Task opened;
        lock (_lock)
        {
            if (_windows[lane].Unanswered <= 0) return;
            opened = _windows[lane].OpenedAsync();
        }

        try
        {
            await opened.WaitAsync(Patience, time, cancel);
        }
        catch (TimeoutException)
        {
            GiveUp(lane);
        }
    }

    private void ForgetRefused(Shard shard)
    {
        foreach (var (send, one) in shard.Undecided)
            if (time.GetElapsedTime(one.Since) >= Refused) shard.Undecided.Remove(send);
    }

    /// <param name="Times">A client may have the same id on its way more than once; each is answered.</param>
    /// <param name="Batch">The last one with it.</param>
    private readonly record struct Undecided(int Times, long Batch, long Since);

    private sealed class Shard
    {
        public int Lane;

        public Dictionary<SentKey, Undecided> Undecided { get; } = [];
    }

    private sealed class Window
    {
        private TaskCompletionSource? _opened;

        public long Batch { get; set; }

        public int Unanswered { get; set; }

        public Task OpenedAsync() => (_opened = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)).Task;

        public void Open()
        {
            (Batch, Unanswered) = (0, 0);
            _opened?.TrySetResult();
            _opened = null;
        }
    }
}
