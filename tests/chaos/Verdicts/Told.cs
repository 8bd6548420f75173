using Im.Chaos.Journals;
using Im.Chaos.Verdicts;

namespace Im.Chaos.Tests.Verdicts;

/// <summary>A run as it is told: a system without a fault, in memory, whose devices journal. A test tells what happens and adds the line that must not be.</summary>
internal sealed class Told
{
    private readonly List<ToldDevice> _devices = [];
    private readonly Dictionary<string, HashSet<string>> _members = [];
    private readonly Dictionary<string, IReadOnlyList<string>> _pairs = [];
    private int _ids;

    /// <summary>Every line is written a moment after the one before it.</summary>
    private static readonly TimeSpan Moment = TimeSpan.FromMilliseconds(1);

    public TimeSpan Now { get; private set; } = TimeSpan.FromSeconds(1);

    public List<LoggedMessage> Log { get; } = [];

    public List<ScenarioWindow> Scenarios { get; } = [];

    public List<FaultWindow> Faults { get; } = [];

    public List<MemberCall> Calls { get; } = [];

    public List<Finding> Findings { get; } = [];

    public IReadOnlyList<ToldDevice> Devices => _devices;

    public Evidence Evidence => new([.. _devices.Select(device => device.Journal)], Scenarios, Faults, Calls, Findings, Log, _pairs);

    public Verdict Judge() => Checker.Judge(Evidence);

    public TimeSpan Tick() => Now += Moment;

    public void Wait(double seconds) => Now += TimeSpan.FromSeconds(seconds);

    public string NewId() => $"m{++_ids}";

    public ToldDevice Bare(string user, string device = "bare") => Add(new ToldDevice(this, user, device, DeviceKind.Bare));

    public ToldDevice Sdk(string user, string device = "sdk") => Add(new ToldDevice(this, user, device, DeviceKind.Sdk));

    public void Pair(string conversation, string one, string other)
    {
        _pairs[conversation] = [one, other];
        _members[conversation] = [one, other];
    }

    /// <summary>The first one is the owner.</summary>
    public void Group(string conversation, params string[] members)
    {
        _members[conversation] = [.. members];
        Store(conversation, members[0], $$"""{"joined":["{{string.Join("\",\"", members)}}"]}""", isMember: true);
        Deliver(Log[^1], null);
    }

    public IReadOnlyCollection<string> MembersOf(string conversation) => _members[conversation];

    public IEnumerable<string> ConversationsOf(string user) => _members.Where(entry => entry.Value.Contains(user)).Select(entry => entry.Key);

    public void Joins(string conversation, string user) => Change(conversation, user, true);

    public void Leaves(string conversation, string user) => Change(conversation, user, false);

    /// <summary>Something is broken for so long; the run stands still meanwhile.</summary>
    public void Breaks(double seconds, bool accepting = false, string scenario = "kills")
    {
        var from = Tick();
        Wait(seconds);
        Faults.Add(new FaultWindow(scenario, "something broke", from, Now, accepting));
    }

    public LoggedMessage Store(string conversation, string from, string text, bool isMember = false)
    {
        var seq = Log.Where(one => one.Conversation == conversation).Select(one => one.Seq).DefaultIfEmpty().Max() + 1;
        Log.Add(new LoggedMessage(conversation, seq, $"{conversation}.{seq}", from, text, isMember));
        return Log[^1];
    }

    /// <summary>To everybody who is connected, but the one that sent it.</summary>
    public void Deliver(LoggedMessage message, ToldDevice? origin)
    {
        foreach (var device in _devices.Where(one => one != origin && one.IsConnected && _members[message.Conversation].Contains(one.User))) device.Gets(message);
    }

    /// <summary>What the user may see of the conversation, behind this place.</summary>
    public IEnumerable<LoggedMessage> Seen(string conversation, string user, long after)
    {
        var joined = Log.LastOrDefault(one => one.Conversation == conversation && one.IsMember && one.Text.StartsWith("{\"joined\"", StringComparison.Ordinal)
            && one.Text.Contains($"\"{user}\"", StringComparison.Ordinal))?.Seq ?? 1;
        return Log.Where(one => one.Conversation == conversation && one.Seq > after && one.Seq >= joined).OrderBy(one => one.Seq);
    }

    private void Change(string conversation, string user, bool joins)
    {
        var asked = Tick();
        if (joins) _members[conversation].Add(user);
        else _members[conversation].Remove(user);
        Deliver(Store(conversation, "1", $$"""{"{{(joins ? "joined" : "left")}}":["{{user}}"]}""", isMember: true), null);
        Calls.Add(new MemberCall(conversation, user, joins, asked, Tick()));
    }

    private ToldDevice Add(ToldDevice device)
    {
        _devices.Add(device);
        return device;
    }
}
