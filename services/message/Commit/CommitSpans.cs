using System.Diagnostics;
using Im.Hosting.Telemetry;

namespace Im.Message.Commit;

/// <summary>
/// The spans of the sampled messages in one commit: each continues its own trace, so that none has a hole. The first is the current activity meanwhile and
/// has the database's statements below it; the others link to it.
/// </summary>
public sealed class CommitSpans
{
    private readonly List<Activity> _spans = [];
    private readonly Activity? _before = Activity.Current;

    private CommitSpans()
    {
    }

    /// <summary>Null where nothing in the batches is sampled, as nearly always.</summary>
    /// <param name="batches">What the commit is made of.</param>
    /// <param name="pile">All of it; the sampled messages go on with the commit's span as the one that handed them on.</param>
    public static CommitSpans? Start(IEnumerable<PendingBatch> batches, out IReadOnlyList<Pending> pile)
    {
        CommitSpans? spans = null;
        var all = batches.SelectMany(batch => batch.Items).ToArray();
        foreach (ref var pending in all.AsSpan())
            if (pending.Submission.Trace is not null) pending = (spans ??= new CommitSpans()).Add(pending, all.Length);
        pile = all;
        if (spans is { _spans: [var first, ..] }) Activity.Current = first;
        return spans;
    }

    private Pending Add(Pending pending, int rows)
    {
        var submission = pending.Submission;
        var span = ImTracing.Continue(ImTracing.Commit, ActivityKind.Consumer, submission.Trace, _spans.FirstOrDefault());
        if (span is null) return pending;
        span.SetTag("im.batch.size", rows);
        _spans.Add(span);
        return pending with { Submission = submission with { Trace = ImTracing.Onwards(span, submission.Trace) } };
    }

    public void End()
    {
        foreach (var span in _spans) span.Stop();
        Activity.Current = _before;
    }
}
