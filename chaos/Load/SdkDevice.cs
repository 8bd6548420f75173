using Im.Chaos.Journals;
using Im.Client;
using Im.Protocol;

namespace Im.Chaos.Load;

/// <summary>A device on the SDK, as an application uses it: one client until its session ends or it goes away, and what it held given to the next.</summary>
internal sealed partial class SdkDevice(DevicePlan plan, Person owner, Scene scene) : Device(plan, owner, scene)
{
    private ImClient? _client;
    private ImCursors? _cursors;
    private CancellationTokenSource? _letGo;
    private TimeSpan? _syncedAt;
    private bool _isConnected;
    private int _line;

    public override bool IsConnected
    {
        get { lock (Gate) return _isConnected && _client is not null; }
    }

    public override TimeSpan? SyncedAt
    {
        get { lock (Gate) return _syncedAt; }
    }

    protected override void LetGo()
    {
        lock (Gate) _letGo?.Cancel();
    }

    protected override async Task<bool> ConnectOnceAsync(CancellationToken cancel)
    {
        await WhenSessionAsync(cancel);
        var session = Session;
        using var leaving = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        var client = NewClient(session);
        var reading = ReadAsync(client);
        lock (Gate) (_client, _letGo) = (client, leaving);
        var connecting = ConnectAsync(client);
        // What the last client left unanswered, with the same ids.
        lock (Gate)
            foreach (var message in Waits()) Say(message);
        await Task.WhenAny(reading, WhenLeavingAsync(Stay(), leaving.Token));
        var hasLeft = !reading.IsCompleted;
        lock (Gate) (_client, _letGo) = (null, null);
        var state = client.State;
        await client.DisposeAsync();
        await leaving.CancelAsync();
        await Task.WhenAll([reading, connecting, .. Waits().Select(message => message.Saying)]);
        _cursors = client.Cursors;
        Disconnect(state == ImClientState.SessionEnded ? CloseCodes.LogInAgain : null, hasLeft);
        if (state == ImClientState.SessionEnded) LoggedOut(session, cancel);
        else if (state is ImClientState.Replaced or ImClientState.Refused) Fault($"the client stopped: {state}");
        return true;
    }

    protected override void Say(Unanswered message)
    {
        message.Sent(Now);
        Journal.Add(new Sends(Now, _isConnected ? _line : 0, message.Id, message.To, message.Try));
        message.Saying = SayAsync(_client!, message);
    }

    private ImClient NewClient(string session)
    {
        var client = new ImClient(new ImClientOptions
        {
            Gateway = Scene.Gateways[Random.Next(Scene.Gateways.Count)],
            Session = session,
            Format = Plan.IsProtobuf ? FrameFormat.Protobuf : FrameFormat.Json,
            Cursors = _cursors,
            OnHandlerError = error => Fault(error.ToString()),
        });
        client.StateChanged += state => Changed(client, state);
        client.ReceiptReceived += receipt => Journal.Add(new Receipt(
            Now, _line, Scene.Journal.Shared(receipt.Conversation), Scene.Journal.Shared(receipt.User), receipt.Delivered, receipt.Read));
        client.ErrorReceived += error =>
        {
            if (!IsExpected(error.Code)) Fault($"{error.Code}: {error.Detail}");
        };
        client.LogReset += log => Fault($"the log is another one: {log}");
        return client;
    }

    private async Task ConnectAsync(ImClient client)
    {
        try
        {
            await client.ConnectAsync();
        }
        catch (ImStoppedException)
        {
            // The session ended, or the device left, before there was a welcome.
        }
        catch (Exception e)
        {
            Fault(e.ToString());
        }
    }

    private async Task ReadAsync(ImClient client)
    {
        try
        {
            await foreach (var message in client.ReceiveAsync())
            {
                var shared = Scene.Journal;
                var text = shared.Shared(MessageText.IdOf(message.Text));
                var (conversation, from) = (shared.Shared(message.Conversation), shared.Shared(message.From));
                var isMember = message.Type == Limits.MemberType;
                Journal.Add(new Received(Now, _line, conversation, message.Seq, shared.Shared(message.MessageId), from, text, isMember));
                Came(conversation, message.Seq, from, text, isMember);
            }
        }
        catch (ImStoppedException)
        {
            // Looked at by its state.
        }
        catch (Exception e)
        {
            Fault(e.ToString());
        }
    }

    private async Task SayAsync(ImClient client, Unanswered message)
    {
        var to = message.To[0] == '@' ? Target.ToUser(message.To[1..]) : Target.ToConversation(message.To);
        try
        {
            var sent = await client.SendAsync(to, message.Body, message.Id);
            var (conversation, messageId) = (Scene.Journal.Shared(sent.Conversation), Scene.Journal.Shared(sent.MessageId));
            Journal.Add(new Accepted(Now, _line, message.Id, conversation, sent.Seq, messageId));
            Stored(message.Id, conversation, sent.Seq);
        }
        catch (MessageRejectedException e)
        {
            Journal.Add(new Rejected(Now, _line, message.Id, e.Code, false));
            Refused(message.Id, e.Code, retryable: false, null);
        }
        catch (ImStoppedException)
        {
            // The next client says it again.
        }
        catch (Exception e)
        {
            Fault(e.ToString());
        }
    }
}
