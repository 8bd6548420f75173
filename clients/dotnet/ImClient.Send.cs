using System.Text;
using Im.Protocol;

namespace Im.Client;

public sealed partial class ImClient
{
    private static readonly UTF8Encoding StrictUtf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    // In the order of the calls, from the oldest unanswered one on; what follows _nextSend was not sent on this connection yet.
    private readonly LinkedList<PendingSend> _sends = new();
    private readonly Dictionary<string, LinkedListNode<PendingSend>> _sendsById = [];
    private LinkedListNode<PendingSend>? _nextSend;
    private int _onTheWire;

    /// <summary>Sends a text; see the other overload.</summary>
    /// <exception cref="MessageRejectedException">Refused for good, here or by the server.</exception>
    /// <exception cref="ImStoppedException">The client has stopped; whether the message was stored is unknown.</exception>
    public Task<SentMessage> SendAsync(Target to, string text, string? id = null, string? type = null, CancellationToken cancellationToken = default)
    {
        id ??= NewId();
        try
        {
            return SendAsync(to, StrictUtf8.GetBytes(text), id, type, cancellationToken);
        }
        catch (EncoderFallbackException)
        {
            return Task.FromException<SentMessage>(new MessageRejectedException(id, Codes.BadText));
        }
    }

    /// <summary>
    /// Sends a message and waits until it is stored. Unanswered after 5 s, after a broken connection and after a retryable refusal it is repeated
    /// with the same id, on whatever gateway is there, until it is answered or the caller cancels. Messages that are sent without waiting for
    /// each other keep their order, but for one that is refused for the moment: what was sent behind it may be stored before it.
    /// </summary>
    /// <param name="to">A user, or a conversation.</param>
    /// <param name="body">At most 16 KiB of UTF-8 without U+0000; must not change before the answer.</param>
    /// <param name="id">1 to 64 of <c>A–Z a–z 0–9 _ - . :</c>, unique for good; null takes a new UUIDv7. Give one to repeat a send of an earlier process.</param>
    /// <param name="type">A content type; null means <c>text/plain</c>.</param>
    /// <param name="cancellationToken">Ends the waiting and the repeating; the message may have been stored nevertheless.</param>
    /// <exception cref="MessageRejectedException">Refused for good, here or by the server.</exception>
    /// <exception cref="ImStoppedException">The client has stopped; whether the message was stored is unknown.</exception>
    /// <exception cref="ArgumentException">The id, the type or the target is none, or a send with this id is waiting for its answer.</exception>
    /// <exception cref="InvalidOperationException">The client was never told to connect.</exception>
    public async Task<SentMessage> SendAsync(
        Target to, ReadOnlyMemory<byte> body, string? id = null, string? type = null, CancellationToken cancellationToken = default)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var send = new PendingSend(new ClientFrame.Send(id ?? NewId(), to, body, type));
        send.Check(_options.Format);
        lock (_gate)
        {
            if (_stopped is not null) throw _stopped;
            if (_state == ImClientState.New) throw new InvalidOperationException($"call {nameof(ConnectAsync)} first");
            var node = new LinkedListNode<PendingSend>(send);
            if (!_sendsById.TryAdd(send.Id, node)) throw new ArgumentException($"a send with the id {send.Id} is waiting for its answer", nameof(id));
            _sends.AddLast(node);
            _nextSend ??= node;
            PumpSends();
        }

        var cancelled = cancellationToken.UnsafeRegister((state, token) => Withdraw((PendingSend)state!, token), send);
        await using (cancelled.ConfigureAwait(false)) return await send.Task.ConfigureAwait(false);
    }

    private string NewId() => Guid.CreateVersion7(_time.GetUtcNow()).ToString();

    /// <summary>Hands waiting sends to the connection, in order, as far as the window and its buffer reach.</summary>
    private void PumpSends()
    {
        lock (_gate)
        {
            if (_connection is not { } connection) return;
            var sent = false;
            while (_nextSend is { } node && _onTheWire < _options.MaxUnanswered && connection.TrySend(node.Value.Frame))
            {
                sent = true;
                _onTheWire++;
                node.Value.OnTheWire = true;
                node.Value.DueAt = Later(_options.RepeatAfter);
                _nextSend = node.Next;
            }

            if (sent) ScheduleRepeat(_options.RepeatAfter);
        }
    }

    /// <summary>A new connection knows nothing: everything unanswered goes out again, in its first order.</summary>
    private void RewindSends()
    {
        for (var node = _sends.First; node is not null; node = node.Next) node.Value.OnTheWire = false;
        _onTheWire = 0;
        _nextSend = _sends.First;
        PumpSends();
    }

    private void Accepted(ConnectionRun run, ServerFrame.Accepted accepted)
    {
        PendingSend? send;
        Arrival arrival;
        lock (_gate)
        {
            send = TakeSend(accepted.Id);
            var cursor = CursorOf(accepted.Conversation);
            arrival = cursor.Own(accepted.Seq, run.Synced && !run.Overflowed);
            if (cursor.Acknowledge(0)) ScheduleMarks(accepted.Conversation);
            PumpSends();
        }

        if (arrival == Arrival.Gap) run.Reconnect("own messages far beyond what was received");
        send?.TrySetResult(new SentMessage(
            accepted.Id, accepted.Conversation, accepted.Seq, accepted.MessageId, DateTimeOffset.FromUnixTimeMilliseconds(accepted.Time)));
    }

    private void Rejected(ServerFrame.Rejected rejected)
    {
        PendingSend? send = null;
        lock (_gate)
        {
            if (rejected.Retryable) RepeatLater(rejected);
            else send = TakeSend(rejected.Id);
            PumpSends();
        }

        send?.TrySetException(new MessageRejectedException(rejected.Id, rejected.Code));
    }

    private void Withdraw(PendingSend send, CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            // Another one may have its id by now, if it was answered a moment ago.
            if (_sendsById.TryGetValue(send.Id, out var node) && node.Value == send) TakeSend(send.Id);
            PumpSends();
        }

        send.TrySetCanceled(cancellationToken);
    }

    private PendingSend? TakeSend(string id)
    {
        if (!_sendsById.Remove(id, out var node)) return null;
        if (_nextSend == node) _nextSend = node.Next;
        if (node.Value.OnTheWire) _onTheWire--;
        _sends.Remove(node);
        return node.Value;
    }

    private List<PendingSend> TakeAllSends()
    {
        List<PendingSend> all = [.. _sends];
        _sends.Clear();
        _sendsById.Clear();
        _nextSend = null;
        return all;
    }
}
