using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Threading.Channels;
using Im.Contracts.Lanes;
using Im.Gateway.Connections;
using Im.Hosting;
using Im.Hosting.Lanes;
using Im.Hosting.Nodes;
using Im.Hosting.Telemetry;
using Im.Protocol;
using Microsoft.Extensions.Options;

namespace Im.Gateway.Inbound;

/// <summary>
/// Sends on their way to the owners of their shards: on each lane one batch after the other, which holds what piled up while <see cref="SubmitLanes"/> let none go.
/// So a connection's sends to a conversation stay in order, nothing waits at low load, and batches grow with the load by themselves. Few lanes publish at
/// once; the others pile up meanwhile.
/// </summary>
public sealed class Submitter(
    IMessageLanes broker, SubmitLanes lanes, NodeBoard board, NodeIdentity self, IOptions<ImOptions> system, IOptions<GatewayOptions> gateway, ImMetrics metrics,
    TimeProvider time)
    : BackgroundService
{
    /// <summary>Sends that wait per shard; one more is refused as <c>unavailable</c>.</summary>
    private const int MaxWaiting = 8_192;

    private const int BatchSends = 512;
    private const int BatchBytes = 512 * 1024;

    /// <param name="Came">Timestamp of its frame.</param>
    private readonly record struct Waiter(ClientConnection Connection, Submission Submission, long Came);

    private readonly Channel<Waiter>[] _shards =
    [
        .. Enumerable.Range(0, lanes.Shards).Select(_ => Channel.CreateBounded<Waiter>(
            new BoundedChannelOptions(MaxWaiting) { SingleReader = true })),
    ];

    /// <summary>For each lane: something waits for it, or a shard has to leave it. One call stands for all that come before it is heard.</summary>
    private readonly Channel<bool>[] _calls =
    [
        .. Enumerable.Range(0, lanes.Shards).Select(_ => Channel.CreateBounded<bool>(
            new BoundedChannelOptions(1) { SingleReader = true, FullMode = BoundedChannelFullMode.DropWrite })),
    ];

    private readonly SemaphoreSlim _turns = new(gateway.Value.ParallelSubmits);
    private volatile LaneMap _map = LaneMap.Apart(lanes.Shards);

    public int Waiting => _shards.Sum(shard => shard.Reader.Count);

    /// <summary>False where too many wait already.</summary>
    /// <param name="came">Timestamp of its frame.</param>
    public bool TrySubmit(ClientConnection connection, Submission submission, long came)
    {
        var shard = submission.Conversation.Shard(_shards.Length);
        if (!_shards[shard].Writer.TryWrite(new Waiter(connection, submission, came))) return false;
        // Asked behind the write, as who moves a shard calls its new lane behind the move: one of the two calls the lane that has it.
        Call(lanes.LaneOf(shard));
        return true;
    }

    /// <summary>If one lane's loop ends, the process does: its sends would wait for ever.</summary>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        // Within one process a batch costs hardly more than what it holds, and with one lane the writer waits: a quarter fewer messages a second (measured).
        if (system.Value.Bus is { Length: > 0 }) board.Changed += FollowBoard;
        try
        {
            await await Task.WhenAny(Enumerable.Range(0, _calls.Length).Select(lane => Task.Run(() => RunAsync(lane, stoppingToken), stoppingToken)));
        }
        finally
        {
            board.Changed -= FollowBoard;
        }
    }

    private void FollowBoard() => Follow(board.Running("message").Select(node => (node.Boot, node.Shards)));

    /// <summary>Gives each shard the lane of its owner, as soon as nothing of its own is under way elsewhere. One caller at a time.</summary>
    /// <param name="owners">Boot id and shards, with commas, of each running message service.</param>
    public void Follow(IEnumerable<(string Boot, string? Shards)> owners)
    {
        var (before, map) = (_map, _map.Next(owners));
        _map = map;
        for (var shard = 0; shard < _shards.Length; shard++)
        {
            // Also where it may stay after all: what waited for the move can go.
            if (lanes.LaneOf(shard) is var lane && (lane != map.Lanes[shard] || lane != before.Lanes[shard])) Call(lane);
        }
    }

    private void Call(int lane) => _calls[lane].Writer.TryWrite(true);

    private async Task RunAsync(int lane, CancellationToken cancel)
    {
        var batch = new Batch(_shards.Length);
        var calls = _calls[lane].Reader;
        while (await calls.ReadAsync(cancel))
        {
            do
            {
                await lanes.OpenAsync(lane, cancel);
                MoveShards(lane);
            }
            while (await SubmitAsync(lane, batch, cancel));
            // Or a lane that everything left would hold the bodies of its last batch for good.
            batch.Clear();
        }
    }

    /// <summary>Those that another lane is for by now, with all that waits for them. Who may not go yet is asked again at the next look at the board.</summary>
    private void MoveShards(int lane)
    {
        var map = _map.Lanes;
        for (var shard = 0; shard < _shards.Length; shard++)
            if (lanes.LaneOf(shard) == lane && map[shard] != lane && lanes.TryMove(shard, map[shard])) Call(map[shard]);
    }

    /// <returns>False where nothing waits.</returns>
    private async Task<bool> SubmitAsync(int lane, Batch batch, CancellationToken cancel)
    {
        if (!Enumerable.Range(0, _shards.Length).Any(shard => Sends(lane, shard) && _shards[shard].Reader.Count > 0)) return false;
        await _turns.WaitAsync(cancel);
        HandOver handedOver;
        try
        {
            Collect(lane, batch);
            // A new map came in between.
            if (batch.Waiters.Count == 0) return false;
            lanes.Sends(lane, batch.Keys);
            LaneFormat.Write(batch.Bytes, self.Boot, batch.Submissions());
            handedOver = await broker.SubmitAsync(lane, batch.Bytes.WrittenMemory, cancel);
            // What timed out may still be on its way to the socket: its bytes must not become another batch's.
            if (handedOver == HandOver.Unknown) batch.Bytes.Drop();
            else batch.Bytes.Return();
        }
        finally
        {
            _turns.Release();
        }

        batch.End(handedOver);
        metrics.Submitted(batch.Waiters.Count, time.GetElapsedTime(batch.Came), handedOver);
        if (handedOver == HandOver.Taken) return true;
        if (handedOver == HandOver.Unknown) lanes.GiveUp(lane);
        else lanes.Answered(batch.Keys);
        // Unknown may still be stored: the client repeats with the same id either way and gets one place.
        foreach (var (connection, submission, _) in batch.Waiters) connection.Refuse(submission.ClientId, Codes.Unavailable, 1000);
        return true;
    }

    /// <summary>A shard that is to leave the lane sends nothing more on it, or it could never leave one that is slow.</summary>
    private bool Sends(int lane, int shard) => lanes.LaneOf(shard) == lane && _map.Lanes[shard] == lane;

    /// <summary>
    /// Those that came first, until the batch is full: what a connection sent together is answered together, and written at once. A shard that many write into takes no more than its part
    /// of the batch while others wait.
    /// </summary>
    private void Collect(int lane, Batch batch)
    {
        batch.Clear();
        for (var shard = 0; shard < _shards.Length; shard++)
            if (Sends(lane, shard)) Line(shard, batch);
        batch.Share();
        for (var size = 0; batch.Waiters.Count < BatchSends && size < BatchBytes && batch.Heads.TryDequeue(out var shard, out _);)
        {
            if (!_shards[shard].Reader.TryRead(out var one)) continue;
            batch.Waiters.Add(one);
            batch.Keys.Add(new SentKey(shard, one.Submission.Connection, one.Submission.ClientId));
            batch.Parts[shard] += Math.Max(1.0 / BatchSends, (double)one.Submission.Body.Length / BatchBytes);
            size += one.Submission.Body.Length;
            Line(shard, batch);
        }
    }

    /// <summary>Lines up the shard by the age of its oldest send; behind all others where it has its part.</summary>
    private void Line(int shard, Batch batch)
    {
        if (_shards[shard].Reader.TryPeek(out var oldest)) batch.Heads.Enqueue(shard, (batch.Parts[shard] >= batch.Part, oldest.Came));
    }

    public override void Dispose()
    {
        _turns.Dispose();
        base.Dispose();
    }

    /// <summary>What one lane has in its hands, and its memory for it.</summary>
    private sealed class Batch(int shards)
    {
        private readonly List<Submission> _submissions = [];
        private readonly List<Activity> _spans = [];

        public List<Waiter> Waiters { get; } = [];

        public List<SentKey> Keys { get; } = [];

        public RentedWriter Bytes { get; } = new();

        /// <summary>When the frame of the one that waited longest came.</summary>
        public long Came => Waiters.Min(one => one.Came);

        /// <summary>The shards that have something for it, by who waits longest.</summary>
        public PriorityQueue<int, (bool HasItsPart, long Came)> Heads { get; } = new();

        /// <summary>How much of the batch each shard has taken, by sends or by bytes.</summary>
        public double[] Parts { get; } = new double[shards];

        /// <summary>
        /// How much of it a shard may take before others that wait. Twice an equal share, for with equal ones what was sent together is torn apart (a fifth fewer messages a
        /// second, measured); and so little that two that many write into leave something.
        /// </summary>
        public double Part { get; private set; }

        public void Clear()
        {
            _submissions.Clear();
            Waiters.Clear();
            Keys.Clear();
            Heads.Clear();
            Array.Clear(Parts);
        }

        public void Share() => Part = Math.Min(0.4, 2.0 / Math.Max(1, Heads.Count));

        /// <summary>A sampled send: whoever commits it continues from the hand-over.</summary>
        public ReadOnlySpan<Submission> Submissions()
        {
            foreach (var one in Waiters) _submissions.Add(one.Submission.Trace is null ? one.Submission : Traced(one.Submission));
            return CollectionsMarshal.AsSpan(_submissions);
        }

        public void End(HandOver handedOver)
        {
            foreach (var span in _spans) span.SetTag("im.handover", ImMetrics.NameOf(handedOver)).SetTag("im.batch.size", Waiters.Count).Stop();
            _spans.Clear();
        }

        private Submission Traced(Submission submission)
        {
            var span = ImTracing.Continue(ImTracing.Publish, ActivityKind.Producer, submission.Trace);
            if (span is not null) _spans.Add(span);
            return submission with { Trace = ImTracing.Onwards(span, submission.Trace) };
        }
    }
}
