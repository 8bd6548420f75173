using Im.Chaos.Journals;
using Im.Chaos.Verdicts;

namespace Im.Chaos.Tests.Verdicts;

/// <summary>Ways of damaging a good run, each at a place that is drawn. What each must be found as; what else follows from it may be found too.</summary>
internal static class Damage
{
    public static IReadOnlyDictionary<string, (ViolationKind[] Kinds, Func<Evidence, Random, Evidence> Do)> All { get; } =
        new Dictionary<string, (ViolationKind[], Func<Evidence, Random, Evidence>)>
        {
            ["a message never came"] = ([ViolationKind.Lost], Lines(OnlyCopy, (lines, at) => lines.RemoveAt(at))),
            ["two messages came the wrong way round"] = ([ViolationKind.OutOfOrder], Lines(HasNext, SwapWithNext)),
            ["a message came twice"] = ([ViolationKind.Doubled, ViolationKind.OutOfOrder], Lines(IsCopy, (lines, at) => lines.Insert(at, lines[at]))),
            ["a message came at another place"] = (
                [ViolationKind.Contradiction, ViolationKind.Doubled, ViolationKind.Lost],
                Copy(OnlyCopy, copy => copy with { Seq = copy.Seq + 1 })),
            ["another text came"] = ([ViolationKind.Contradiction], Copy(IsCopy, copy => copy with { Text = "other" })),
            ["a message came from another one"] = ([ViolationKind.Contradiction], Copy(IsCopy, copy => copy with { From = "77" })),
            ["an answer named another place"] = ([ViolationKind.Contradiction], Lines(IsAnswer, AnswerOtherwise)),
            ["what was refused is stored"] = ([ViolationKind.Contradiction], Lines(IsOnlyAnswer, Refuse)),
            ["a receipt was ahead"] = ([ViolationKind.FalseReceipt], Lines(IsReceipt, TellMore)),
            ["a message left the log"] = ([ViolationKind.Lost], Log((log, at) => log.RemoveAt(at))),
            ["a message is in the log twice"] = ([ViolationKind.Doubled], Log(StoreAgain)),
            ["a message has another id in the log"] = ([ViolationKind.Contradiction], Log((log, at) => log[at] = log[at] with { MessageId = "moved" })),
            ["a message came to a stranger"] = ([ViolationKind.Leaked], ToStranger),
        };

    private static bool IsCopy(Evidence run, List<Entry> lines, Entry line) => line is Received { IsMember: false };

    /// <summary>The device has it by this line alone, and has to have it.</summary>
    private static bool OnlyCopy(Evidence run, List<Entry> lines, Entry line) =>
        line is Received { Conversation: ['p', ..] } copy
        && lines.Count(one => one is Received it && it.Conversation == copy.Conversation && it.Seq == copy.Seq) == 1
        && !lines.Exists(one => one is Accepted it && it.Conversation == copy.Conversation && it.Seq == copy.Seq)
        && !lines.Exists(one => one is Sends it && it.Id == copy.Text);

    private static bool HasNext(Evidence run, List<Entry> lines, Entry line) => OnlyCopy(run, lines, line) && NextOf(lines, (Received)line) is not null;

    private static Received? NextOf(List<Entry> lines, Received copy) =>
        lines.OfType<Received>().FirstOrDefault(one => one.Line == copy.Line && one.Conversation == copy.Conversation && one.Seq == copy.Seq + 1);

    private static void SwapWithNext(List<Entry> lines, int at)
    {
        var next = lines.IndexOf(NextOf(lines, (Received)lines[at])!);
        (lines[at], lines[next]) = (lines[next], lines[at]);
    }

    private static bool IsAnswer(Evidence run, List<Entry> lines, Entry line) => line is Accepted;

    /// <summary>Of a bare device: what the SDK tried besides nobody knows.</summary>
    private static bool IsOnlyAnswer(Evidence run, List<Entry> lines, Entry line) =>
        line is Accepted answer && lines.Exists(one => one is Dials) && lines.Count(one => one is Sends it && it.Id == answer.Id) == 1;

    private static bool IsReceipt(Evidence run, List<Entry> lines, Entry line) => line is Receipt;

    private static void AnswerOtherwise(List<Entry> lines, int at) => lines[at] = (Accepted)lines[at] with { Seq = ((Accepted)lines[at]).Seq + 1 };

    private static void Refuse(List<Entry> lines, int at) =>
        lines[at] = new Rejected(lines[at].At, lines[at].Line, ((Accepted)lines[at]).Id, "not_found", false);

    private static void TellMore(List<Entry> lines, int at) => lines[at] = (Receipt)lines[at] with { Delivered = 1_000 };

    private static void StoreAgain(List<LoggedMessage> log, int at) =>
        log.Add(log[at] with { Seq = log.Where(one => one.Conversation == log[at].Conversation).Max(one => one.Seq) + 1 });

    private static Func<Evidence, Random, Evidence> Lines(Func<Evidence, List<Entry>, Entry, bool> isPlace, Action<List<Entry>, int> change) =>
        (run, random) => Change(run, random, isPlace, change);

    private static Func<Evidence, Random, Evidence> Copy(Func<Evidence, List<Entry>, Entry, bool> isPlace, Func<Received, Received> change) =>
        Lines(isPlace, (lines, at) => lines[at] = change((Received)lines[at]));

    private static Evidence ToStranger(Evidence run, Random random)
    {
        var message = Any(run.Log.Where(one => run.Pairs.ContainsKey(one.Conversation)).ToArray(), random);
        var stranger = Any(run.Devices.Where(one => !run.Pairs[message.Conversation].Contains(one.User)).ToArray(), random);
        var lines = stranger.Read().ToList();
        var (at, line) = (lines[^1].At, lines.Max(one => one.Line));
        lines.Add(new Received(at, line, message.Conversation, message.Seq, message.MessageId, message.From, message.Text, message.IsMember));
        return With(run, stranger, lines);
    }

    private static Func<Evidence, Random, Evidence> Log(Action<List<LoggedMessage>, int> change) => (run, random) =>
    {
        var answered = run.Devices.SelectMany(device => device.Read().OfType<Accepted>()).Select(one => one.Id).ToHashSet();
        var log = run.Log.ToList();
        change(log, Any(Enumerable.Range(0, log.Count).Where(at => answered.Contains(log[at].Text)).ToArray(), random));
        return run with { Log = log };
    };

    private static Evidence Change(Evidence run, Random random, Func<Evidence, List<Entry>, Entry, bool> isPlace, Action<List<Entry>, int> change)
    {
        var places = run.Devices
            .Select(device => (Device: device, Lines: device.Read().ToList()))
            .SelectMany(one => Enumerable.Range(0, one.Lines.Count)
                .Where(at => isPlace(run, one.Lines, one.Lines[at])).Select(at => (one.Device, one.Lines, At: at)))
            .ToArray();
        var (device, lines, at) = Any(places, random);
        change(lines, at);
        return With(run, device, lines);
    }

    private static Evidence With(Evidence run, DeviceJournal device, List<Entry> lines)
    {
        var changed = new DeviceJournal(device.User, device.Device, device.Kind);
        foreach (var line in lines) changed.Add(line);
        return run with { Devices = [.. run.Devices.Select(one => one == device ? changed : one)] };
    }

    private static T Any<T>(IReadOnlyList<T> from, Random random) => from[random.Next(from.Count)];
}
