namespace Im.Chaos.Verdicts.Facts;

/// <summary>A time in which a user was in a conversation. He sees from the message by which he joined to just before the one by which he left.</summary>
/// <param name="Until">The place of the message by which he left; null: he stayed to the end.</param>
internal sealed record Stay(long From, long? Until)
{
    public bool Covers(long seq) => seq >= From && (Until is not { } until || seq < until);
}

/// <summary>A conversation as the log has it: its places, and who was in it at each.</summary>
internal sealed class ConversationLog
{
    private static readonly List<Stay> None = [];

    private readonly LoggedMessage?[] _places;
    private readonly TimeSpan[] _known;
    private readonly Dictionary<string, List<Stay>> _stays = [];

    /// <param name="logged">Of this conversation, by seq.</param>
    /// <param name="pair">The users of a conversation of two; null for a group.</param>
    public ConversationLog(string id, IReadOnlyList<LoggedMessage> logged, IReadOnlyList<string>? pair)
    {
        Id = id;
        Head = logged.Count == 0 ? 0 : logged[^1].Seq;
        _places = new LoggedMessage?[Head + 1];
        _known = new TimeSpan[Head + 1];
        Array.Fill(_known, TimeSpan.MaxValue);
        foreach (var user in pair ?? []) _stays[user] = [new Stay(1, null)];
        foreach (var message in logged.Where(one => one.Seq > 0))
        {
            _places[message.Seq] ??= message;
            if (message.IsMember) Change(message.Seq, MemberChange.Read(message.Text));
        }
    }

    public string Id { get; }

    public long Head { get; }

    public IEnumerable<(string User, IReadOnlyList<Stay> Stays)> Members => _stays.Select(entry => (entry.Key, (IReadOnlyList<Stay>)entry.Value));

    /// <summary>Null for a place that the log does not have.</summary>
    public LoggedMessage? At(long seq) => seq >= 1 && seq <= Head ? _places[seq] : null;

    /// <summary>The stay in which the user sees this place; null where he does not.</summary>
    public Stay? StayAt(string user, long seq)
    {
        var stays = StaysOf(user);
        for (var i = stays.Count - 1; i >= 0; i--)
            if (stays[i].Covers(seq)) return stays[i];
        return null;
    }

    public IReadOnlyList<Stay> StaysOf(string user) => _stays.GetValueOrDefault(user, None);

    /// <summary>The first moment at which anybody was seen to know of the message: it was stored by then. <see cref="TimeSpan.MaxValue"/>: nobody ever.</summary>
    public TimeSpan KnownAt(long seq) => _known[seq];

    public void Know(long seq, TimeSpan at)
    {
        if (seq >= 1 && seq <= Head && at < _known[seq]) _known[seq] = at;
    }

    private void Change(long seq, MemberChange change)
    {
        foreach (var user in change.Joined)
        {
            if (!_stays.TryGetValue(user, out var stays)) _stays[user] = stays = [];
            if (stays.Count == 0 || stays[^1].Until is not null) stays.Add(new Stay(seq, null));
        }

        foreach (var user in change.Left)
            if (_stays.TryGetValue(user, out var stays) && stays[^1].Until is null) stays[^1] = stays[^1] with { Until = seq };
    }
}
