namespace Im.Chaos.Verdicts.Facts;

/// <summary>The log by conversation and by the client's id.</summary>
internal sealed class LogIndex
{
    private static readonly List<LoggedMessage> Nowhere = [];

    private readonly Dictionary<string, ConversationLog> _conversations = [];
    private readonly Dictionary<string, List<LoggedMessage>> _byId = [];

    public LogIndex(Evidence evidence)
    {
        foreach (var group in evidence.Log.GroupBy(one => one.Conversation))
        {
            var logged = group.OrderBy(one => one.Seq).ToArray();
            _conversations[group.Key] = new ConversationLog(group.Key, logged, evidence.Pairs.GetValueOrDefault(group.Key));
            for (var i = 1; i < logged.Length; i++)
                if (logged[i].Seq == logged[i - 1].Seq) SamePlace.Add((logged[i - 1], logged[i]));
        }

        foreach (var message in evidence.Log.Where(one => !one.IsMember))
        {
            if (!_byId.TryGetValue(message.Text, out var places)) _byId[message.Text] = places = new List<LoggedMessage>(1);
            places.Add(message);
        }
    }

    public IReadOnlyCollection<ConversationLog> Conversations => _conversations.Values;

    /// <summary>Messages that stand on top of each other.</summary>
    public List<(LoggedMessage One, LoggedMessage Other)> SamePlace { get; } = [];

    /// <summary>Null where the log has nothing of it.</summary>
    public ConversationLog? Find(string conversation) => _conversations.GetValueOrDefault(conversation);

    /// <summary>Where a message of the crowd stands; more than one place is a violation.</summary>
    public IReadOnlyList<LoggedMessage> PlacesOf(string id) => _byId.GetValueOrDefault(id, Nowhere);
}
