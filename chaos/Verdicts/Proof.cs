using System.Globalization;
using Im.Chaos.Journals;
using Im.Chaos.Verdicts.Facts;

namespace Im.Chaos.Verdicts;

/// <summary>The journal lines that show a violation, as text. At most <see cref="Lines"/> of them.</summary>
internal static class Proof
{
    public const int Lines = 20;

    /// <summary>Lines of a device before and behind the one in question.</summary>
    private const int Around = 4;

    public static string Line(DeviceStory device, Entry entry) => $"{device}  {Words(entry)}";

    public static string Words(Entry entry) => entry switch
    {
        Sends it => $"{Head(it)} sends {it.Id} to {it.To}, try {it.Try}",
        Accepted it => $"{Head(it)} accepted {it.Id}: {it.Conversation} #{it.Seq} {it.MessageId}",
        Rejected it => $"{Head(it)} rejected {it.Id}: {it.Code}{(it.Retryable ? ", retryable" : "")}",
        Received it => $"{Head(it)} received {it.Conversation} #{it.Seq} {it.MessageId} from {it.From}: {it.Text}",
        Acks it => $"{Head(it)} acks {it.Conversation} #{it.Seq}",
        Receipt it => $"{Head(it)} receipt {it.Conversation} of {it.User}: delivered {Number(it.Delivered)}, read {Number(it.Read)}",
        Dials it => $"{Head(it)} dials",
        Connected it => $"{Head(it)} connected to {it.Gateway}, {(it.Cursors is null ? "no cursors named" : $"{it.Cursors.Count} cursors named")}",
        Synced it => $"{Head(it)} synced",
        Disconnected it => $"{Head(it)} disconnected, code {Number(it.Code)}{(it.Wanted ? ", by itself" : "")}",
        EndsSession it => $"{Head(it)} ends its session",
        SessionEnded it => $"{Head(it)} session ended",
        SessionOpened it => $"{Head(it)} session opened",
        SdkFault it => $"{Head(it)} SDK fault: {it.What}",
        _ => entry.ToString(),
    };

    public static string Line(LoggedMessage message) =>
        $"log  {message.Conversation} #{message.Seq} {message.MessageId} from {message.From}: {message.Text}";

    public static string Line(MemberCall call) =>
        $"call  {Time(call.Asked)} {call.User} {(call.Joins ? "joins" : "leaves")} {call.Conversation}, answered {(call.Answered is { } at ? Time(at) : "never")}";

    public static string Line(FaultWindow fault) => $"fault  {Time(fault.From)} to {Time(fault.Healed)}: {fault.What} ({fault.Scenario})";

    /// <summary>What the log has of it, what its sender said, and what he was answered.</summary>
    public static IEnumerable<string> Of(MessageStory message) =>
    [
        .. message.Places.Take(3).Select(Line),
        .. message.Tries.Take(4).Select(one => (one.Device, Entry: (Entry)one.Entry))
            .Concat(message.Answers.Take(4).Select(one => (one.Device, Entry: (Entry)one.Entry)))
            .Concat(message.Refusals.Take(4).Select(one => (one.Device, Entry: (Entry)one.Entry)))
            .OrderBy(one => one.Entry.At).Select(one => Line(one.Device, one.Entry)),
    ];

    /// <summary>What a device wrote about a conversation and its connections before and behind this line.</summary>
    public static IEnumerable<string> Near(DeviceStory device, int index, string conversation)
    {
        var before = new List<string>();
        for (var i = index - 1; i >= 0 && before.Count < Around; i--)
            if (Concerns(device.Entries[i], conversation)) before.Insert(0, Line(device, device.Entries[i]));
        var behind = new List<string>();
        for (var i = index; i < device.Entries.Count && behind.Count <= Around; i++)
            if (Concerns(device.Entries[i], conversation)) behind.Add(Line(device, device.Entries[i]));
        return [.. before, .. behind];
    }

    /// <summary>What a device wrote around this place of a conversation: what it holds next to it, and its connections at that time.</summary>
    public static IEnumerable<string> Near(DeviceStory device, string conversation, long seq)
    {
        for (var i = 0; i < device.Entries.Count; i++)
            if (device.Entries[i] is Received received && received.Conversation == conversation && received.Seq >= seq) return Near(device, i, conversation);
        return Near(device, device.Entries.Count, conversation);
    }

    /// <summary>Who came and went in a conversation.</summary>
    public static IEnumerable<string> OfMember(Run run, string conversation, string user) =>
    [
        .. (run.Log.Find(conversation)?.StaysOf(user) ?? []).TakeLast(4)
            .Select(stay => $"log  {conversation}: {user} sees from #{stay.From} to {(stay.Until is { } until ? $"before #{until}" : "the end")}"),
        .. run.CallsOf(conversation, user).TakeLast(4).Select(Line),
    ];

    public static string Time(TimeSpan at) => at.TotalSeconds.ToString("0.000", CultureInfo.InvariantCulture);

    private static string Number(long? number) => number?.ToString(CultureInfo.InvariantCulture) ?? "-";

    private static string Head(Entry entry) => entry.Line == 0 ? Time(entry.At) : $"{Time(entry.At)} line {entry.Line}";

    private static bool Concerns(Entry entry, string conversation) => entry switch
    {
        Received it => it.Conversation == conversation,
        Accepted it => it.Conversation == conversation,
        Acks it => it.Conversation == conversation,
        Receipt or Sends or Rejected => false,
        _ => true,
    };
}
