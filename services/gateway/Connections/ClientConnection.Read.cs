using System.Buffers;
using System.Net.WebSockets;
using Im.Contracts;
using Im.Protocol;

namespace Im.Gateway.Connections;

public sealed partial class ClientConnection
{
    /// <summary>The tenth faulty frame closes the connection.</summary>
    private const int MaxFaults = 10;

    private const int FirstBuffer = 2 * 1024;
    private readonly TokenBucket _frames;
    private readonly TokenBucket _sends;

    /// <summary>Told again when the routes had to be registered again: whoever is invisible must not appear because a store was emptied.</summary>
    public string? ChosenStatus { get; private set; }

    private async Task ReadAsync()
    {
        var parsed = new List<ParsedFrame>();
        try
        {
            while (true)
            {
                // Without a buffer, until there is something to read: most connections are silent most of the time.
                var received = await _socket.ReceiveAsync(Memory<byte>.Empty, CancellationToken.None);
                if (received.MessageType == WebSocketMessageType.Close || !await ReadMessageAsync(received, parsed)) return;
                foreach (var one in parsed) await HandleAsync(one);
                parsed.Clear();
            }
        }
        finally
        {
            if (_gone is { } gone) await gone.CancelAsync();
            await _greeting;
        }
    }

    /// <summary>Reads the rest of a message and takes it apart. False where the client has closed: in the middle of it, or since it was too large.</summary>
    private async ValueTask<bool> ReadMessageAsync(ValueWebSocketReceiveResult received, List<ParsedFrame> parsed)
    {
        var buffer = ArrayPool<byte>.Shared.Rent(FirstBuffer);
        try
        {
            var length = 0;
            while (!received.EndOfMessage)
            {
                if (length == buffer.Length) buffer = Grow(buffer, length);
                received = await _socket.ReceiveAsync(buffer.AsMemory(length), CancellationToken.None);
                if (received.MessageType == WebSocketMessageType.Close) return false;
                length += received.Count;
                if (length > Limits.ClientMessageBytes)
                {
                    Close(CloseCodes.TooBig);
                    await DrainAsync(buffer);
                    return false;
                }
            }

            Heard();
            if (IsClosing) return true;
            if (received.MessageType == Format.MessageType) Format.Read(buffer.AsSpan(0, length), parsed);
            else Fault(new ParsedFrame(null, Codes.BadFrame, "a text message for a subprotocol of binary ones, or the other way round", null));
            return true;
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    private void Heard()
    {
        Interlocked.Exchange(ref _lastHeard, _services.Time.GetTimestamp());
        if (_session is { } heard) _services.Presence.Beat(heard.User);
    }

    private async ValueTask HandleAsync(ParsedFrame parsed)
    {
        if (!_greeting.IsCompleted) await _greeting;
        if (IsClosing) return;
        if (_services.LimitRates && _frames.Take() > 0)
        {
            Close(CloseCodes.TooFast, 5000);
            return;
        }

        if (_session is null)
        {
            // Not waited for before the next frame is read: one who leaves meanwhile is noticed.
            if (parsed.Frame is ClientFrame.Hello hello) _greeting = GreetAsync(hello);
            else Close(CloseCodes.BadFrames);
            return;
        }

        if (_session.Ended)
        {
            if (parsed.Frame is ClientFrame.Send late) Send(new ServerFrame.Rejected(late.Id, Codes.SessionEnded, false));
            Close(CloseCodes.LogInAgain);
            return;
        }

        switch (parsed.Frame)
        {
            case ClientFrame.Send send: Submit(send); break;
            case ClientFrame.Ack ack: Acknowledge(ack.Conversation, ack.Seq, isRead: false); break;
            case ClientFrame.Read read: Acknowledge(read.Conversation, read.Seq, isRead: true); break;
            case ClientFrame.Ping:
                Send(new ServerFrame.Pong(_services.Time.GetUtcNow().ToUnixTimeMilliseconds()));
                break;
            case ClientFrame.Watch watch: Watch(watch); break;
            case ClientFrame.Status status: SetStatus(status); break;
            case ClientFrame.Typing typing: Type(typing); break;
            case ClientFrame.Bye: Close(CloseCodes.Normal); break;
            case ClientFrame.Hello: Close(CloseCodes.BadFrames); break;
            default: Fault(parsed); break;
        }
    }

    private void Fault(ParsedFrame parsed)
    {
        if (parsed.Id is { } id) Send(new ServerFrame.Rejected(id, parsed.Code!, false));
        else Send(new ServerFrame.Error(parsed.Code!, parsed.Detail!));
        if (++_faults >= MaxFaults) Close(CloseCodes.BadFrames);
    }

    private void Acknowledge(string conversation, long seq, bool isRead)
    {
        if (IsEarly(new EarlyMark(conversation, seq, isRead))) return;
        if (!ConversationId.TryParse(conversation, out var id) || HeldUpTo(id, seq) is not { } upTo)
        {
            Send(new ServerFrame.Error(Codes.NotFound, "no such conversation"));
            return;
        }

        if (upTo > 0) _services.Cursors.Moved(_session!.User, _session.DeviceKey, id, upTo, isRead ? upTo : 0);
    }

    private void Watch(ClientFrame.Watch watch)
    {
        var users = new HashSet<long>(watch.Users.Count);
        foreach (var text in watch.Users)
            if (Ids.TryParse(text, out var user)) users.Add(user);
        if (watch.Off) _services.Watches.Remove(this, users);
        else if (!_services.Watches.TryAdd(this, users)) Send(new ServerFrame.Error(Codes.TooBig, "at most 1,000 users can be watched"));
    }

    private void SetStatus(ClientFrame.Status status)
    {
        if (status.Value is not ("online" or "away" or "busy" or "invisible"))
        {
            Fault(new ParsedFrame(null, Codes.BadFrame, "status: online, away, busy or invisible", null));
            return;
        }

        ChosenStatus = status.Value;
        _services.Presence.StatusChosen(_session!.User, _session.DeviceKey, status.Value);
    }

    /// <summary>Reads on until the client's close, so that it can see why it was closed instead of a reset.</summary>
    private async Task DrainAsync(byte[] buffer)
    {
        while ((await _socket.ReceiveAsync(buffer.AsMemory(), CancellationToken.None)).MessageType != WebSocketMessageType.Close)
        {
        }
    }

    private static byte[] Grow(byte[] buffer, int length)
    {
        var larger = ArrayPool<byte>.Shared.Rent(Math.Min(buffer.Length * 4, Limits.ClientMessageBytes + 1));
        buffer.AsSpan(0, length).CopyTo(larger);
        ArrayPool<byte>.Shared.Return(buffer);
        return larger;
    }
}
