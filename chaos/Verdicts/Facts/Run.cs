using Im.Chaos.Journals;

namespace Im.Chaos.Verdicts.Facts;

/// <summary>The evidence, put in order once for all rules.</summary>
internal sealed class Run
{
    private readonly Dictionary<string, MessageStory> _messages = [];
    private readonly ILookup<(string, string), MemberCall> _calls;
    private readonly ILookup<string, (ConversationLog Log, Stay Stay)> _lasting;

    public Run(Evidence evidence)
    {
        Evidence = evidence;
        Log = new LogIndex(evidence);
        Devices = [.. evidence.Devices.Select(journal => new DeviceStory(journal, Log))];
        foreach (var device in Devices) Collect(device);
        Messages = [.. _messages.Values.Where(one => one.Tries.Count > 0)];
        Unsent = [.. _messages.Values.Where(one => one.Tries.Count == 0)];
        foreach (var message in Messages) message.Places = Log.PlacesOf(message.Id);

        _calls = evidence.MemberCalls.OrderBy(one => one.Asked).ToLookup(one => (one.Conversation, one.User));
        _lasting = Log.Conversations
            .SelectMany(log => log.Members.Where(one => one.Stays[^1].Until is null).Select(one => (one.User, Log: log, Stay: one.Stays[^1])))
            .ToLookup(one => one.User, one => (one.Log, one.Stay));
        Times = new RunTimes(evidence, Devices.Select(one => one.Entries.Count == 0 ? TimeSpan.Zero : one.Entries[^1].At).DefaultIfEmpty().Max());
    }

    public Evidence Evidence { get; }

    public LogIndex Log { get; }

    public RunTimes Times { get; }

    public IReadOnlyList<DeviceStory> Devices { get; }

    public IReadOnlyList<MessageStory> Messages { get; }

    /// <summary>What was answered and nobody sent.</summary>
    public IReadOnlyList<MessageStory> Unsent { get; }

    /// <summary>Null for what nobody of the crowd sent.</summary>
    public MessageStory? Find(string id) => _messages.TryGetValue(id, out var message) && message.Tries.Count > 0 ? message : null;

    /// <summary>The calls about this member, in the order in which they were made.</summary>
    public IEnumerable<MemberCall> CallsOf(string conversation, string user) => _calls[(conversation, user)];

    /// <summary>
    /// The conversations that the user was in at the end, since when. All that lies in these stays he has to have; what he did not get before a removal is not
    /// his any more.
    /// </summary>
    public IEnumerable<(ConversationLog Log, Stay Stay)> LastingOf(string user) => _lasting[user];

    /// <summary>When the message at this place was sent first; where nobody sent it, when it was first seen.</summary>
    public TimeSpan SentAt(LoggedMessage message)
    {
        if (!message.IsMember && Find(message.Text) is { } sent) return sent.FirstSent;
        var known = Log.Find(message.Conversation)?.KnownAt(message.Seq) ?? TimeSpan.MaxValue;
        return known == TimeSpan.MaxValue ? Times.End : known;
    }

    private void Collect(DeviceStory device)
    {
        for (var i = 0; i < device.Entries.Count; i++)
        {
            switch (device.Entries[i])
            {
                case Sends sends: Of(sends.Id).Tries.Add(new Noted<Sends>(device, i, sends)); break;
                case Accepted accepted: Of(accepted.Id).Answers.Add(new Noted<Accepted>(device, i, accepted)); break;
                case Rejected rejected: Of(rejected.Id).Refusals.Add(new Noted<Rejected>(device, i, rejected)); break;
            }
        }
    }

    private MessageStory Of(string id)
    {
        if (_messages.TryGetValue(id, out var message)) return message;
        return _messages[id] = new MessageStory(id);
    }
}
