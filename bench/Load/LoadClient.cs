using System.Buffers;
using System.Buffers.Text;
using System.Diagnostics;
using System.Globalization;
using Im.Bench.Results;
using Im.Client;
using Im.Protocol;

namespace Im.Bench.Load;

/// <summary>Where a message can go, and how many connections other than the sending one get it.</summary>
internal readonly record struct Goal(Target To, int Recipients);

/// <summary>
/// One connection of the load: sends, counts answers, checks that every conversation arrives without gap, repeat and disorder, acknowledges.
/// Receiving runs in one loop per connection; acknowledgements and pings come from the one ticker of the run.
/// </summary>
internal sealed class LoadClient(string name, Goal[] goals, BenchOptions options, Tally tally) : ISender, IAsyncDisposable
{
    /// <summary>Messages without an answer that a connection can keep apart; a power of two.</summary>
    public const int MaxOpen = 1 << 14;

    private const int AcquaintWindow = 16;

    private readonly Lock _sending = new();
    private readonly Lock _places = new();
    private readonly Dictionary<byte[], Place> _placeOf = new(new ByUtf8());
    private readonly List<Place> _ackDue = [];
    // At the first message: of thousands who only listen none needs its 256 KiB.
    private Sent[] _open = [];
    private readonly byte[] _body = BodyStamp.NewBody(options.Size);
    private readonly ArrayBufferWriter<byte> _frame = new(256);
    private readonly Random _random = new(name.GetHashCode(StringComparison.Ordinal));
    private ImConnection? _connection;
    private Task _receiving = Task.CompletedTask;
    private long _number;
    private int _owed, _acquainted;
    private volatile bool _closing, _looping, _acquainting;

    /// <summary>Completes when the connection is closed and all that came is counted.</summary>
    public Task Ended => _receiving;

    public TimeSpan Heartbeat { get; private set; } = TimeSpan.FromSeconds(10);

    /// <summary>
    /// Connects and waits for <c>synced</c>, as long as for the rest of a run. A gateway that is asked by too many at once tells some of them to come back; they do. One
    /// that got messages already does not: they would come again, and count as doubled.
    /// </summary>
    public async Task ConnectAsync(Uri gateway, string session, CancellationToken cancellationToken)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(TimeSpan.FromSeconds(options.Drain));
        try
        {
            // As gateways ask them to: a second later, and not all at once.
            while (!await TryConnectAsync(gateway, session, limit.Token)) await Task.Delay(_random.Next(1000, 2000), limit.Token);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw new TimeoutException($"{name}: not synced in {options.Drain} s");
        }
    }

    private async Task<bool> TryConnectAsync(Uri gateway, string session, CancellationToken cancellationToken)
    {
        var connection = await ImConnection.OpenAsync(gateway, options.Format, null, cancellationToken);
        // Before the ticker sees it: the first frame has to be this one.
        await connection.SendAsync(new ClientFrame.Hello(session), cancellationToken);
        _connection = connection;
        var synced = new TaskCompletionSource<bool>(TaskCreationOptions.RunContinuationsAsynchronously);
        _receiving = Task.Run(() => ReceiveAsync(connection, synced), CancellationToken.None);
        if (await synced.Task.WaitAsync(cancellationToken)) return true;
        _connection = null;
        await connection.DisposeAsync();
        return false;
    }

    public void Start()
    {
        _looping = true;
        for (var i = 0; i < options.Window; i++) TrySend(Stopwatch.GetTimestamp());
    }

    /// <summary>To whom it will write.</summary>
    public int Acquaintances => goals.Length;

    /// <summary>Has written to all of them.</summary>
    public bool IsAcquainted => Volatile.Read(ref _acquainted) >= goals.Length;

    private bool HasNothing
    {
        get { lock (_places) return _placeOf.Count == 0; }
    }

    /// <summary>Writes to everybody once, a few at a time.</summary>
    public void Acquaint()
    {
        _acquainting = true;
        for (var i = 0; i < AcquaintWindow; i++) AcquaintNext();
    }

    public void StopAcquainting() => _acquainting = false;

    private void AcquaintNext()
    {
        lock (_sending)
        {
            if (!IsAcquainted && TrySend(Stopwatch.GetTimestamp(), goals[_acquainted])) _acquainted++;
        }
    }

    public void StopSending() => _looping = false;

    public bool TrySend(long due) => TrySend(due, goals[_random.Next(goals.Length)]);

    private bool TrySend(long due, Goal goal)
    {
        lock (_sending)
        {
            if (_open.Length == 0) _open = new Sent[MaxOpen];
            ref var slot = ref _open[_number & (MaxOpen - 1)];
            if (slot.Is == State.Open || _connection is null) return false;
            BodyStamp.Write(_body, due);
            var id = string.Create(CultureInfo.InvariantCulture, $"{name}.{_number}");
            slot = new Sent(_number, due, goal.Recipients, State.Open);
            // Before it is sent: the first recipient may be faster than we are.
            tally.CountSent(goal.Recipients, due);
            _frame.ResetWrittenCount();
            options.Format.Write(_frame, new ClientFrame.Send(id, goal.To, _body));
            // A WebSocket message of its own, as from so many clients: the connection would put several frames into one.
            if (!_connection.TrySendRaw(_frame.WrittenSpan))
            {
                slot = default;
                tally.CountUnsent(due);
                return false;
            }

            _number++;
            return true;
        }
    }

    /// <summary>What piled up since the last tick: acknowledgements in one array, and messages in place of refused ones.</summary>
    public void Tick(bool ping)
    {
        if (_connection is not { } connection) return;
        lock (_places)
        {
            foreach (var place in _ackDue)
            {
                place.AckDue = !connection.TrySend(new ClientFrame.Ack(place.Id, place.Last));
            }

            _ackDue.RemoveAll(static place => !place.AckDue);
        }

        if (ping) connection.TrySend(new ClientFrame.Ping());
        for (var owed = Interlocked.Exchange(ref _owed, 0); owed > 0 && _looping; owed--)
            if (!TrySend(Stopwatch.GetTimestamp())) Interlocked.Increment(ref _owed);
    }

    public async ValueTask DisposeAsync()
    {
        _closing = true;
        if (_connection is null) return;
        _connection.TrySend(new ClientFrame.Bye());
        await Task.WhenAny(_receiving, Task.Delay(TimeSpan.FromSeconds(2)));
        await _connection.DisposeAsync();
        await _receiving;
    }

    private async Task ReceiveAsync(ImConnection connection, TaskCompletionSource<bool> synced)
    {
        while (await connection.ReceiveRawAsync() is { IsEmpty: false } message) Handle(message.Span, synced);
        if (connection.CloseCode == CloseCodes.Restarting && HasNothing && synced.TrySetResult(false)) return;
        if (!_closing) tally.Broken.Enqueue($"{name}: close code {connection.CloseCode?.ToString(CultureInfo.InvariantCulture) ?? "none"} {connection.Fault?.Message}");
        synced.TrySetException(new IOException($"{name}: closed before synced, code {connection.CloseCode} {connection.Fault?.Message}"));
        _ = synced.Task.Exception;
    }

    private void Handle(ReadOnlySpan<byte> message, TaskCompletionSource<bool> synced)
    {
        var scan = new FrameScan(message, options.Format);
        while (scan.Next())
        {
            switch (scan.Kind)
            {
                case Kind.Message: Delivered(ref scan); break;
                case Kind.Accepted: Accepted(ref scan); break;
                case Kind.Rejected: Rejected(ref scan); break;
                case Kind.Synced: synced.TrySetResult(true); break;
                case Kind.Welcome: Heartbeat = TimeSpan.FromSeconds(Math.Max(1, scan.Heartbeat)); break;
            }
        }
    }

    private void Delivered(ref FrameScan scan)
    {
        var isNew = Note(scan.Conversation, scan.Seq);
        if (isNew && BodyStamp.TryRead(scan.Body, out var due)) tally.CountDelivered(due);
    }

    private void Accepted(ref FrameScan scan)
    {
        switch (Answered(scan.Id, State.Done, out var sent, scan.Seq))
        {
            // The same place again, as after a hand-over of its shard: the message exists once.
            case State.Done when sent.Seq == scan.Seq:
                tally.CountRepeated();
                return;
            case State.Done:
                tally.CountDoubled();
                return;
            case State.Refused:
                // Refused as unavailable, and stored after all: nobody knew. It has its place and its recipients like any other.
                tally.CountLate(sent.Recipients);
                Note(scan.Conversation, scan.Seq);
                return;
        }

        tally.CountAccepted(sent.Recipients, sent.Due);
        Note(scan.Conversation, scan.Seq);
        if (_acquainting) AcquaintNext();
        else if (_looping && options.Rate is null && !TrySend(Stopwatch.GetTimestamp())) Interlocked.Increment(ref _owed);
    }

    // A refused message is not repeated here: it is counted, and another one takes its place at the next tick.
    private void Rejected(ref FrameScan scan)
    {
        if (Answered(scan.Id, State.Refused, out _) != State.Open)
        {
            tally.CountDoubled();
            return;
        }

        tally.CountRejected(System.Text.Encoding.UTF8.GetString(scan.Code));
        if (_acquainting) AcquaintNext();
        else if (options.Rate is null) Interlocked.Increment(ref _owed);
    }

    private bool Note(ReadOnlySpan<byte> conversation, long seq)
    {
        lock (_places)
        {
            if (!_placeOf.GetAlternateLookup<ReadOnlySpan<byte>>().TryGetValue(conversation, out var place))
            {
                place = new Place(conversation.ToArray());
                _placeOf.Add(place.Key, place);
            }

            var isNew = place.Note(seq, options.Groups > 0, tally);
            if (!place.AckDue) _ackDue.Add(place);
            place.AckDue = true;
            return isNew;
        }
    }

    /// <summary>Notes an answer; what the message was before it. One that was never sent, or long ago, counts as done.</summary>
    /// <param name="seq">0 where it is refused.</param>
    private State Answered(ReadOnlySpan<byte> id, State now, out Sent sent, long seq = 0)
    {
        sent = default;
        if (!Utf8Parser.TryParse(id[(id.LastIndexOf((byte)'.') + 1)..], out long number, out _) || _open.Length == 0) return State.Done;
        lock (_sending)
        {
            ref var slot = ref _open[number & (MaxOpen - 1)];
            if (slot.Number != number) return State.Done;
            sent = slot;
            // Whatever comes after the last word comes twice.
            slot = slot with { Is = slot.Is == State.Open ? now : State.Done, Seq = Math.Max(slot.Seq, seq) };
            return sent.Is;
        }
    }

    private enum State : byte
    {
        Done,
        Open,
        Refused,
    }

    /// <param name="Seq">Its place; 0 as long as it has none.</param>
    private readonly record struct Sent(long Number, long Due, int Recipients, State Is, long Seq = 0);
}
