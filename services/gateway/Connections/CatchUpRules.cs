using Im.Gateway.Log;

namespace Im.Gateway.Connections;

/// <summary>What a page of the log says about the end of a conversation.</summary>
public enum PageEnd
{
    /// <summary>There may be more behind it.</summary>
    GoesOn,

    /// <summary>It was not full: at that moment nothing more was there.</summary>
    Reached,

    /// <summary>The log shows nothing, though more may have been announced: the user does not see it (any more).</summary>
    Nothing,

    /// <summary>It is empty, and what was announced lies beyond it: places are missing in the log, which only a bad restore brings about.</summary>
    Hole,
}

/// <summary>How much a conversation that is behind is asked for, and what its page means. Pure.</summary>
public static class CatchUpRules
{
    /// <summary>Messages of one query, of all its conversations together. With bodies of 100 bytes it fills a tenth of the outbox.</summary>
    public const int PageSize = 256;

    /// <summary>One message, and one more that would tell that there are others.</summary>
    private const int Fewest = 2;

    /// <summary>One more than is known of, for who gets fewer has read to the end. Nothing is known of a conversation whose page came full: it is asked for all that a query takes.</summary>
    public static int Ask(long sent, long known, bool wasFull) =>
        known > sent ? (int)Math.Min(known - sent, PageSize - 1) + 1 : wasFull ? PageSize : Fewest;

    /// <param name="page">Null where the user is not in the conversation.</param>
    /// <param name="announced">What was known to be in the log before it was read.</param>
    public static PageEnd EndOf(LogRange range, LogPage? page, long announced)
    {
        if (page is null) return PageEnd.Nothing;
        if (page.Messages.Count == range.Limit) return PageEnd.GoesOn;
        if (page.Messages.Count > 0) return PageEnd.Reached;
        return announced > Math.Max(range.After, page.FromSeq - 1) + range.Limit ? PageEnd.Hole : PageEnd.Nothing;
    }
}
