using Im.Contracts;

namespace Im.Message.Audit;

/// <summary>A part of one conversation's log, as a page of the walk found it.</summary>
public readonly record struct Stretch(ConversationId Conversation, long Count, long First, long Last);

/// <summary>How far one member of a conversation got, beside what the log holds.</summary>
/// <param name="FromSeq">The message of his joining, the first that he may see.</param>
/// <param name="RemovedSeq">The message of his removal; 0 while he is in.</param>
/// <param name="Delivered">Highest seq that any of his devices acknowledged.</param>
/// <param name="Head">Highest seq of the log; 0 where it holds nothing of the conversation.</param>
public readonly record struct Standing(ConversationId Conversation, long User, long FromSeq, long RemovedSeq, long Delivered, long Head);

/// <summary>Places that the log should have and has not: a hole, or an end that somebody has seen and that is gone.</summary>
public readonly record struct LogGap(ConversationId Conversation, long Seq, long Until);

/// <summary>What a round has counted so far.</summary>
/// <param name="Messages">Rows of the log.</param>
/// <param name="Due">Messages times the members that they are for, of those who are members now.</param>
/// <param name="Acknowledged">Of these, the ones that a device of the member acknowledged.</param>
public sealed record LogCount(long Messages, long Conversations, long Due, long Acknowledged)
{
    public static LogCount Zero { get; } = new(0, 0, 0, 0);
}

/// <summary>
/// The rules of the check. In each conversation the seqs are 1, 2, 3 … without a hole, so that count and last seq tell of one; and nobody can have joined, left or
/// acknowledged beyond the last message, so that an end that was lost shows too. Pure.
/// </summary>
public static class LogWalk
{
    /// <summary>The stretches of a page that do not follow one upon the other, with the seq that each should begin with.</summary>
    /// <param name="conversation">Where the page before ended.</param>
    /// <param name="seq">The last seq that it held.</param>
    public static IEnumerable<(Stretch Stretch, long From)> Holed(ConversationId conversation, long seq, IEnumerable<Stretch> page)
    {
        foreach (var stretch in page)
        {
            var from = stretch.Conversation == conversation ? seq + 1 : 1;
            if (stretch.First != from || stretch.Count != stretch.Last - stretch.First + 1) yield return (stretch, from);
        }
    }

    /// <param name="conversation">Where the page before ended: that one is counted.</param>
    public static LogCount Count(LogCount before, ConversationId conversation, IReadOnlyCollection<Stretch> page) => before with
    {
        Messages = before.Messages + page.Sum(one => one.Count),
        Conversations = before.Conversations + page.Count(one => one.Conversation != conversation),
    };

    public static LogCount Count(LogCount before, IReadOnlyCollection<Standing> page) => before with
    {
        Due = before.Due + page.Sum(DueTo),
        Acknowledged = before.Acknowledged + page.Sum(AcknowledgedBy),
    };

    /// <summary>Ends of conversations that members have seen and the log has not; the longest of each.</summary>
    public static IEnumerable<LogGap> LostEnds(IEnumerable<Standing> page) => page
        .Where(one => Seen(one) > one.Head)
        .GroupBy(one => (one.Conversation, one.Head))
        .Select(same => new LogGap(same.Key.Conversation, same.Key.Head + 1, same.Max(Seen)));

    private static long Seen(Standing one) => Math.Max(one.Delivered, Math.Max(one.FromSeq, one.RemovedSeq));

    private static long DueTo(Standing one) => one.RemovedSeq > 0 ? 0 : Math.Max(0, one.Head - one.FromSeq + 1);

    private static long AcknowledgedBy(Standing one) =>
        one.RemovedSeq > 0 ? 0 : Math.Max(0, Math.Min(one.Delivered, one.Head) - one.FromSeq + 1);
}
