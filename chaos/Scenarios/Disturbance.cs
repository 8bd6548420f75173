using Im.Chaos.Journals;
using Im.Protocol;

namespace Im.Chaos.Scenarios;

/// <summary>What a device notices of a restart that it should not have noticed, from its journal alone.</summary>
public static class Disturbance
{
    /// <summary>For so long a device may be without a connection, and a message without an answer.</summary>
    public static readonly TimeSpan LongestGap = TimeSpan.FromSeconds(5);

    /// <summary>A line for each disturbance between these two moments.</summary>
    public static IEnumerable<string> Of(IReadOnlyList<Entry> entries, TimeSpan from, TimeSpan to)
    {
        var lines = new HashSet<int>();
        var waiting = new Dictionary<string, TimeSpan>();
        TimeSpan? gone = null;
        var isLoggedOut = false;
        foreach (var entry in entries)
        {
            if (entry.At > to) break;
            switch (entry)
            {
                case Connected:
                    if (TooLong(gone, entry.At)) yield return $"no connection for {(entry.At - gone)!.Value.TotalSeconds:0.0} s from {gone:mm\\:ss\\.fff} on";
                    lines.Add(entry.Line);
                    gone = null;
                    break;
                case Disconnected end:
                    // One that could not be made was none; the last of several leaves a gap, unless the device or its session wanted to go.
                    if (lines.Remove(end.Line) && lines.Count == 0) gone = end.Wanted || isLoggedOut || end.Code == CloseCodes.LogInAgain ? null : end.At;
                    else if (end.Wanted) gone = null;
                    break;
                case EndsSession:
                    (gone, waiting, isLoggedOut) = (null, [], true);
                    break;
                case SessionOpened:
                    isLoggedOut = false;
                    break;
                case GoesAway:
                    (gone, waiting) = (null, []);
                    break;
                // What it says while its session ends is answered in the next one, and how long that takes is its own affair.
                case Sends { Try: 1 } send when !isLoggedOut:
                    waiting[send.Id] = send.At;
                    break;
                case Accepted accepted:
                    if (waiting.Remove(accepted.Id, out var sent) && TooLong(sent, entry.At))
                        yield return $"{accepted.Id} had no answer for {(entry.At - sent).TotalSeconds:0.0} s from {sent:mm\\:ss\\.fff} on";
                    break;
                case Rejected rejected:
                    waiting.Remove(rejected.Id);
                    if (entry.At >= from && rejected.Retryable) yield return $"{rejected.Id} was rejected ({rejected.Code}) at {entry.At:mm\\:ss\\.fff}";
                    break;
                case SdkFault fault:
                    if (entry.At >= from) yield return $"the SDK told of an error at {entry.At:mm\\:ss\\.fff}: {fault.What}";
                    break;
            }
        }

        if (TooLong(gone, to)) yield return $"no connection from {gone:mm\\:ss\\.fff} on";
        foreach (var (id, sent) in waiting.Where(one => TooLong(one.Value, to))) yield return $"{id} has no answer from {sent:mm\\:ss\\.fff} on";

        bool TooLong(TimeSpan? since, TimeSpan until) => since is { } begin && begin >= from && until - begin > LongestGap;
    }
}
