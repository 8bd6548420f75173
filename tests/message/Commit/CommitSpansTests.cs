using System.Diagnostics;
using Im.Hosting.Telemetry;
using Im.Message.Commit;
using static Im.Message.Tests.Asked;

namespace Im.Message.Tests.Commit;

/// <summary>Each sampled message of a commit goes on in its own trace.</summary>
public sealed class CommitSpansTests : IDisposable
{
    private const string First = "00-11111111111111111111111111111111-1111111111111111-01";
    private const string Second = "00-22222222222222222222222222222222-2222222222222222-01";
    private readonly List<Activity> _ended = [];
    private readonly ActivityListener _listener;

    public CommitSpansTests()
    {
        _listener = new ActivityListener
        {
            ShouldListenTo = source => source.Name == ImTracing.SourceName,
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllDataAndRecorded,
            ActivityStopped = _ended.Add,
        };
        ActivitySource.AddActivityListener(_listener);
    }

    public void Dispose() => _listener.Dispose();

    [Fact]
    public void Sampled_messages_continue_their_own_traces_and_the_first_is_the_current_one()
    {
        var spans = CommitSpans.Start([Batch(Traced("a", null), Traced("b", First)), Batch(Traced("c", Second))], out var pile);
        var current = Activity.Current;
        spans!.End();

        Assert.Equal(["a", "b", "c"], pile.Select(one => one.Submission.ClientId));
        Assert.Equal([null, _ended[0].Id, _ended[1].Id], pile.Select(one => one.Submission.Trace));
        Assert.Equal([First, Second], _ended.Select(span => span.ParentId));
        Assert.Same(_ended[0], current);
        Assert.Empty(_ended[0].Links);
        Assert.Equal(_ended[0].Context, Assert.Single(_ended[1].Links).Context);
        Assert.Null(Activity.Current);
    }

    [Fact]
    public void A_commit_without_sampled_messages_has_no_span()
    {
        Assert.Null(CommitSpans.Start([Batch(Traced("a", null))], out var pile));
        Assert.Single(pile);
        Assert.Empty(_ended);
    }

    [Fact]
    public void What_is_no_trace_goes_on_as_it_came()
    {
        CommitSpans.Start([Batch(Traced("a", "nonsense"))], out var pile)!.End();
        Assert.Equal("nonsense", pile[0].Submission.Trace);
        Assert.Empty(_ended);
    }

    private static PendingBatch Batch(params Pending[] items) => new(new ReaderDouble(), 1, false, items, 100, 0);

    private static Pending Traced(string id, string? trace)
    {
        var pending = Send(Ann, AnnAndBob, id);
        return pending with { Submission = pending.Submission with { Trace = trace } };
    }
}
