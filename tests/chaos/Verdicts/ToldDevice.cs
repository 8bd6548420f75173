using Im.Chaos.Journals;
using Im.Chaos.Verdicts;

namespace Im.Chaos.Tests.Verdicts;

/// <summary>A device of a run as it is told. What it does here is as it should be; with <see cref="Add"/> a test writes into its journal what it likes.</summary>
internal sealed class ToldDevice(Told told, string user, string device, DeviceKind kind)
{
    private readonly Dictionary<string, long> _held = [];
    private readonly Dictionary<string, long> _acked = [];

    public DeviceJournal Journal { get; } = new(user, device, kind);

    public string User => user;

    public bool IsBare => kind == DeviceKind.Bare;

    public bool IsConnected { get; private set; }

    public int Line { get; private set; }

    /// <summary>Bare devices acknowledge what they get; a test that wants receipts to be false turns it off.</summary>
    public bool Acknowledges { get; set; } = true;

    public void Add(Entry entry) => Journal.Add(entry);

    public long HeldOf(string conversation) => _held.GetValueOrDefault(conversation);

    /// <summary>With its cursors named or not: those that are not named begin at what it acknowledged.</summary>
    public ToldDevice Connects(bool names = true, bool syncs = true)
    {
        Line++;
        if (IsBare) Add(new Dials(told.Tick(), Line));
        var cursors = names && IsBare ? new Dictionary<string, long>(_held) : null;
        Add(new Connected(told.Tick(), Line, "gateway-1", cursors));
        IsConnected = true;
        foreach (var conversation in told.ConversationsOf(user).ToArray())
        {
            var after = names || !IsBare ? HeldOf(conversation) : _acked.GetValueOrDefault(conversation);
            foreach (var message in told.Seen(conversation, user, after).ToArray()) Gets(message);
        }

        if (syncs) Add(new Synced(told.Tick(), Line));
        return this;
    }

    public void Leaves() => Ends(null, wanted: true);

    public void IsThrownOff(int? code = null) => Ends(code, wanted: false);

    public void Gets(LoggedMessage message)
    {
        Add(new Received(told.Tick(), Line, message.Conversation, message.Seq, message.MessageId, message.From, message.Text, message.IsMember));
        Holds(message);
    }

    /// <summary>Sends it, has it stored and accepted, and has it delivered to everybody. Returns its id.</summary>
    public string Says(string conversation)
    {
        var id = Sends(conversation);
        var message = told.Store(conversation, user, id);
        Accepts(message);
        told.Deliver(message, this);
        return id;
    }

    public string Sends(string conversation, string? id = null, int attempt = 1)
    {
        id ??= told.NewId();
        Add(new Sends(told.Tick(), Line, id, conversation, attempt));
        return id;
    }

    public void Accepts(LoggedMessage message)
    {
        Add(new Accepted(told.Tick(), Line, message.Text, message.Conversation, message.Seq, message.MessageId));
        Holds(message);
    }

    public void IsRefused(string id, string code = "not_found", bool retryable = false) => Add(new Rejected(told.Tick(), Line, id, code, retryable));

    public void IsTold(string conversation, string whose, long delivered) => Add(new Receipt(told.Tick(), Line, conversation, whose, delivered, null));

    public void EndsSession()
    {
        Add(new EndsSession(told.Tick()));
        Add(new SessionEnded(told.Tick()));
    }

    public void OpensSession() => Add(new SessionOpened(told.Tick()));

    private void Ends(int? code, bool wanted)
    {
        IsConnected = false;
        Add(new Disconnected(told.Tick(), Line, code, wanted));
    }

    private void Holds(LoggedMessage message)
    {
        _held[message.Conversation] = Math.Max(HeldOf(message.Conversation), message.Seq);
        if (!IsBare || !Acknowledges) return;
        Add(new Acks(told.Tick(), Line, message.Conversation, message.Seq));
        _acked[message.Conversation] = _held[message.Conversation];
    }
}
