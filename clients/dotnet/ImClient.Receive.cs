using System.Runtime.CompilerServices;
using Im.Protocol;

namespace Im.Client;

public sealed partial class ImClient
{
    /// <summary>
    /// Received messages, each once, in order within its conversation. A message counts as taken (and is acknowledged, unless
    /// <see cref="ImClientOptions.AutomaticAck"/> is off) when the loop asks for the next one or leaves. Several loops share the messages; one that is done with a
    /// later message does not acknowledge an earlier one that another is still at.
    /// </summary>
    /// <exception cref="ImStoppedException">The client stopped for another reason than its disposal.</exception>
    public async IAsyncEnumerable<ReceivedMessage> ReceiveAsync([EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        while (await _received.Reader.WaitToReadAsync(cancellationToken).ConfigureAwait(false))
        {
            while (_received.Reader.TryRead(out var message))
            {
                FetchWhatWasLeft();
                HandOut(message);
                try
                {
                    yield return message;
                }
                finally
                {
                    Taken(message);
                }
            }
        }
    }

    private void Handle(ConnectionRun run, ServerFrame frame)
    {
        switch (frame)
        {
            case ServerFrame.Welcome welcome: Welcome(run, welcome); break;
            case ServerFrame.Bye bye: run.Bye = bye; break;
            case ServerFrame.Error error: Raise(ErrorReceived, error); break;
            case ServerFrame.Rejected rejected: Rejected(rejected); break;
            case ServerFrame.Pong: break;
            case not null when !run.Welcomed: break;
            case ServerFrame.Message message: Receive(run, message); break;
            case ServerFrame.Accepted accepted: Accepted(run, accepted); break;
            case ServerFrame.Synced: Synced(run); break;
            case ServerFrame.Receipt receipt: Raise(ReceiptReceived, receipt); break;
            case ServerFrame.Presence presence: Raise(PresenceChanged, presence); break;
            case ServerFrame.Typing typing: Raise(TypingReceived, typing); break;
            case ServerFrame.ConversationChanged conversation: Raise(ConversationChanged, conversation); break;
            case ServerFrame.ContactChanged contact: Raise(ContactChanged, contact); break;
        }
    }

    private void Receive(ConnectionRun run, ServerFrame.Message message)
    {
        var arrival = Arrival.Next;
        PendingSend? own = null;
        lock (_gate)
        {
            if (run.Overflowed) return;
            var cursor = CursorOf(message.Conversation);
            if (message.Id is { } id && message.From == UserId && cursor.Held < message.Seq) own = TakeSend(id);
            if (own is not null)
            {
                // The answer to this send was lost with its connection, and here is the proof that it was stored.
                run.BroughtNews = true;
                arrival = cursor.Own(message.Seq, replayed: true);
                if (cursor.Acknowledge(0)) ScheduleMarks(message.Conversation);
            }
            else if (Full() && message.Seq > cursor.Held)
            {
                run.Overflowed = true;
            }
            else
            {
                if (message.Seq > cursor.Held + 1 && MemberChange.Joins(message, UserId)) cursor.Join(message.Seq);
                arrival = cursor.Receive(message.Seq);
                if (arrival == Arrival.Next) run.BroughtNews |= _received.Writer.TryWrite(ReceivedMessage.Of(message));
            }
        }

        if (arrival == Arrival.Gap) run.Reconnect($"{message.Conversation}: a message before seq {message.Seq} is missing");
        own?.TrySetResult(new SentMessage(
            own.Id, message.Conversation, message.Seq, message.MessageId, DateTimeOffset.FromUnixTimeMilliseconds(message.Time)));
    }

    private bool Full() => _received.Reader.Count >= _options.ReceiveQueue;

    /// <summary>Messages that found the queue full are still on the server: a new connection, from what is held on, brings them.</summary>
    private void FetchWhatWasLeft()
    {
        ConnectionRun? run;
        lock (_gate) run = _run is { Overflowed: true } && _received.Reader.Count <= _options.ReceiveQueue / 2 ? _run : null;
        run?.Reconnect("there is room again for the messages that were left on the server");
    }

    private void HandOut(ReceivedMessage message)
    {
        if (!_options.AutomaticAck) return;
        lock (_gate) CursorOf(message.Conversation).HandOut(message.Seq);
    }

    private void Taken(ReceivedMessage message)
    {
        if (!_options.AutomaticAck) return;
        lock (_gate)
            if (CursorOf(message.Conversation).Take(message.Seq)) ScheduleMarks(message.Conversation);
    }
}
