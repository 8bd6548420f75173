using Im.Chaos.Journals;

namespace Im.Chaos.Verdicts.Facts;

/// <summary>A line of a journal, with its place there.</summary>
internal readonly record struct Noted<T>(DeviceStory Device, int Index, T Entry);

/// <summary>All that was said and answered about one id.</summary>
internal sealed class MessageStory(string id)
{
    public string Id { get; } = id;

    /// <summary>Every try that was noted, the first one first.</summary>
    public List<Noted<Sends>> Tries { get; } = new(1);

    public List<Noted<Accepted>> Answers { get; } = new(1);

    public List<Noted<Rejected>> Refusals { get; } = [];

    /// <summary>Where the log has it: once, or never.</summary>
    public IReadOnlyList<LoggedMessage> Places { get; set; } = [];

    public LoggedMessage? Place => Places.Count > 0 ? Places[0] : null;

    public Noted<Sends> First => Tries[0];

    public DeviceStory Sender => First.Device;

    public TimeSpan FirstSent => First.Entry.At;

    public bool IsAccepted => Answers.Count > 0;

    /// <summary>Every try was answered with a refusal for good. What the SDK tried behind the application nobody knows.</summary>
    public bool IsRefused => Sender.IsBare && !IsAccepted && Tries.Count <= Refusals.Count(one => !one.Entry.Retryable);

    /// <summary>Sent once on one connection, and answered there with its place and nothing else: neither repeated nor ever refused.</summary>
    public bool IsPlain => Sender.IsBare && Tries.Count == 1 && Refusals.Count == 0 && Answers.Count == 1 && Answers[0].Entry.Line == First.Entry.Line;

    /// <summary>When nobody waited for its answer any more: told its place, refused for good, or given up.</summary>
    public TimeSpan WaitedUntil
    {
        get
        {
            if (IsAccepted) return Answers.Min(one => one.Entry.At);
            var refused = Refusals.Where(one => !one.Entry.Retryable).Select(one => one.Entry.At).DefaultIfEmpty(TimeSpan.MaxValue).Min();
            return refused != TimeSpan.MaxValue ? refused : Tries[^1].Entry.At + TimeLimits.Repeated;
        }
    }
}
