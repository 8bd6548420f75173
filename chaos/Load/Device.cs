using Im.Chaos.Journals;

namespace Im.Chaos.Load;

/// <summary>A device of the crowd: what it holds, what it waits for, and its session. How it talks to the system is of its two kinds.</summary>
internal abstract partial class Device(DevicePlan plan, Person owner, Scene scene) : IAsyncDisposable
{
    /// <summary>Messages that a device lets wait for their answers: when all wait, nothing new is said, and an outage costs no memory.</summary>
    public const int MaxWaiting = 8;

    private readonly Dictionary<string, Holding> _holdings = [];
    private readonly List<Unanswered> _waiting = [];
    private readonly string _quotedUser = $"\"{owner.User}\"";

    public DevicePlan Plan => plan;

    public Person Owner => owner;

    /// <summary>The device id.</summary>
    public string Id { get; } = $"d{plan.Number}";

    public DeviceJournal Journal { get; } = scene.Journal.Open(owner.User, $"d{plan.Number}", plan.Kind);

    public abstract bool IsConnected { get; }

    /// <summary>When the connection that is there was synced; null: not yet, or there is none.</summary>
    public abstract TimeSpan? SyncedAt { get; }

    public int Waiting
    {
        get { lock (Gate) return _waiting.Count; }
    }

    protected Lock Gate { get; } = new();

    protected Scene Scene => scene;

    protected TimeSpan Now => scene.Journal.Now;

    /// <summary>For what the device's own loop draws.</summary>
    protected Random Random { get; } = scene.NewRandom(plan.Number);

    /// <summary>Says new messages, one behind the other without waiting. False: it is not connected, or too much waits already.</summary>
    /// <param name="bytes">What each body weighs at least.</param>
    public bool TrySay(Room room, int count, int bytes = 0)
    {
        lock (Gate)
        {
            if (!IsConnected || _waiting.Count + count > MaxWaiting) return false;
            for (var nth = 0; nth < count; nth++)
            {
                var id = scene.Journal.Shared(scene.NewId());
                var message = new Unanswered(id, room, TargetIn(room), MessageText.Of(id, bytes));
                _waiting.Add(message);
                Say(message);
            }

            return true;
        }
    }

    public long HeldOf(string conversation)
    {
        lock (Gate) return _holdings.TryGetValue(conversation, out var holding) ? holding.Held : 0;
    }

    /// <summary>Sends it, for the first time or again. Under the lock.</summary>
    protected abstract void Say(Unanswered message);

    /// <summary>In the order of their first sends.</summary>
    protected IReadOnlyList<Unanswered> Waits()
    {
        lock (Gate) return [.. _waiting];
    }

    /// <summary>A message that came, after it was journaled.</summary>
    protected void Came(string conversation, long seq, string from, string text, bool isMember)
    {
        var begins = isMember && text.Contains("\"joined\"", StringComparison.Ordinal) && text.Contains(_quotedUser, StringComparison.Ordinal);
        lock (Gate) HoldingOf(conversation).Note(seq, begins);
        scene.CountReceived();
        if (scene.RoomOf(conversation) is not { } room)
        {
            // A pair that the other one began.
            room = owner.Rooms.Find(one => one.IsPair && one.Permanent.Any(person => person.User == from && person != owner));
            if (room is null) return;
            scene.Learn(room, conversation);
        }

        room.Saw(seq);
    }

    /// <summary>An answer "stored", after it was journaled.</summary>
    protected void Stored(string id, string conversation, long seq)
    {
        Unanswered? message;
        lock (Gate)
        {
            HoldingOf(conversation).Note(seq);
            message = Take(id);
        }

        if (message is not null)
        {
            scene.CountAccepted();
            if (message.Room.Id is null) scene.Learn(message.Room, conversation);
        }

        scene.RoomOf(conversation)?.Saw(seq);
    }

    /// <summary>An answer "not stored", after it was journaled.</summary>
    protected void Refused(string id, string code, bool retryable, int? pauseMs)
    {
        lock (Gate)
        {
            var message = _waiting.Find(one => one.Id == id);
            if (message is null) return;
            // Of the connection, not of the message: the next session repeats it.
            if (retryable || code == "session_ended")
            {
                message.Refused(Now, pauseMs);
                return;
            }

            Take(id);
            if (code is "not_found" or "forbidden" && message.Room.Floating.Contains(owner)) return;
        }

        scene.Found($"{Journal}: {id} was refused: {code}");
    }

    /// <summary>Of an <c>error</c>: too many acknowledgements before the replay, or one for a group from which the user was removed meanwhile.</summary>
    protected bool IsExpected(string code) => code == "unavailable" || (code == "not_found" && owner.Rooms.Exists(room => room.Floating.Contains(owner)));

    protected Dictionary<string, long> AllHeld()
    {
        lock (Gate) return _holdings.Where(one => one.Value.Held > 0).ToDictionary(one => one.Key, one => one.Value.Held);
    }

    private Unanswered? Take(string id)
    {
        var place = _waiting.FindIndex(one => one.Id == id);
        if (place < 0) return null;
        var message = _waiting[place];
        _waiting.RemoveAt(place);
        return message;
    }

    private Holding HoldingOf(string conversation)
    {
        if (_holdings.TryGetValue(conversation, out var holding)) return holding;
        return _holdings[conversation] = new Holding();
    }

    /// <summary>Pairs are named by the other user until they have an id, and by every second device after that.</summary>
    private string TargetIn(Room room)
    {
        if (room.Id is { } id && (!room.IsPair || plan.Number % 2 == 0)) return id;
        return $"@{room.Permanent.First(person => person != owner).User}";
    }
}
