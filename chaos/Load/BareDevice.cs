using Im.Chaos.Journals;

namespace Im.Chaos.Load;

/// <summary>
/// A device on bare frames: everything that is on the wire is in its journal. It acknowledges late, so that a receipt which comes before the acknowledgement is
/// found out; repeats what is not answered on whatever connection is there; and goes to another gateway when one fails it.
/// </summary>
internal sealed partial class BareDevice(DevicePlan plan, Person owner, Scene scene) : Device(plan, owner, scene)
{
    /// <summary>Any frame is a heartbeat: often enough to find out in time that nothing answers.</summary>
    private static readonly TimeSpan PingEvery = TimeSpan.FromSeconds(4);

    /// <summary>What this device holds is acknowledged within this time after it came.</summary>
    private const double AckSeconds = 2;

    // One waits through a gateway that is frozen for a while, another one leaves it.
    private readonly TimeSpan _patience = TimeSpan.FromSeconds(plan.Number % 4 < 2 ? 10 : 40);
    private readonly List<BareLine> _lines = [];
    private readonly Dictionary<string, TimeSpan> _ackAt = [];
    private readonly Random _draws = scene.NewRandom(~plan.Number);
    private int _number;

    public override bool IsConnected => Current is not null;

    public override TimeSpan? SyncedAt => Current?.SyncedAt;

    /// <summary>The newest connection that was welcome and is open.</summary>
    public BareLine? Current
    {
        get { lock (Gate) return _lines.Count == 0 ? null : _lines[^1]; }
    }

    /// <summary>From the crowd's one timer: acknowledgements, repeats and pings that are due.</summary>
    public void Tick()
    {
        lock (Gate)
        {
            var now = Now;
            // A copy: one that is cut may leave the list at once.
            foreach (var line in _lines.ToArray()) KeepAlive(line, now);
            if (Current is not { } current) return;
            Acknowledge(current, now);
            foreach (var message in Waits())
                if (message.DueAt <= now) Say(message);
        }
    }

    /// <summary>The connection that is there reads nothing until then; it still speaks. Null: there is none.</summary>
    public BareLine? HoldReading(Task until)
    {
        lock (Gate)
        {
            if (Current is not { } line) return null;
            line.Hold = until;
            return line;
        }
    }

    protected override void Say(Unanswered message)
    {
        var line = Current!;
        message.Sent(Now);
        Journal.Add(new Sends(Now, line.Number, message.Id, message.To, message.Try));
        line.Say(BareWords.Send(message.Id, message.To, message.Body));
    }

    protected override void LetGo()
    {
        lock (Gate)
        {
            foreach (var line in _lines.ToArray())
            {
                line.IsWanted = true;
                line.Cut();
            }
        }
    }

    private void KeepAlive(BareLine line, TimeSpan now)
    {
        if (now - line.LastHeard > _patience && line.Hold is null) line.Cut();
        if (now < line.PingAt) return;
        line.PingAt = now + PingEvery;
        line.Say(BareWords.Ping);
    }

    private void Acknowledge(BareLine line, TimeSpan now)
    {
        foreach (var (conversation, at) in _ackAt)
        {
            if (at > now) continue;
            _ackAt.Remove(conversation);
            var held = HeldOf(conversation);
            if (held == 0) continue;
            Journal.Add(new Acks(Now, line.Number, conversation, held));
            line.Say(BareWords.Ack(conversation, held));
        }
    }

    /// <summary>Also for a repeat: the server may have forgotten what it was told last.</summary>
    private void AckLater(string conversation)
    {
        lock (Gate)
            if (!_ackAt.ContainsKey(conversation)) _ackAt.Add(conversation, Now + TimeSpan.FromSeconds(_draws.NextDouble() * AckSeconds));
    }

    private void Take(BareLine line, BareFrame frame, TaskCompletionSource welcomed)
    {
        line.LastHeard = Now;
        switch (frame.Kind)
        {
            case "message":
                Journal.Add(new Received(Now, line.Number, frame.Conversation, frame.Seq, frame.MessageId, frame.From, frame.Text, frame.IsMember));
                Came(frame.Conversation, frame.Seq, frame.From, frame.Text, frame.IsMember);
                AckLater(frame.Conversation);
                break;
            case "accepted":
                Journal.Add(new Accepted(Now, line.Number, frame.Id, frame.Conversation, frame.Seq, frame.MessageId));
                Stored(frame.Id, frame.Conversation, frame.Seq);
                AckLater(frame.Conversation);
                break;
            case "rejected":
                Journal.Add(new Rejected(Now, line.Number, frame.Id, frame.Code, frame.Retryable));
                Refused(frame.Id, frame.Code, frame.Retryable, frame.PauseMs);
                break;
            case "receipt":
                Journal.Add(new Receipt(Now, line.Number, frame.Conversation, frame.User, frame.Delivered, frame.Read));
                break;
            case "synced":
                line.SyncedAt = Now;
                Journal.Add(new Synced(Now, line.Number));
                break;
            case "welcome":
                welcomed.TrySetResult();
                break;
            case "error" when !IsExpected(frame.Code):
                Scene.Found($"{Journal}: the server did not understand a frame: {frame.Code}");
                break;
        }
    }
}
