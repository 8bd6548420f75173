using System.Diagnostics;

namespace Im.Hosting.Telemetry;

/// <summary>
/// The spans of a message's way: <c>send</c> → <c>publish</c> → <c>commit</c> → <c>deliver</c> and <c>accepted</c>. Only the gateway begins a trace, and only
/// for a sampled send; the others continue what came with the message. Attributes are bounded or sizes; never a body, a token, a user's name.
/// </summary>
public sealed class ImTracing(double sampleRatio)
{
    public const string SourceName = "Im";

    /// <summary>On the gateway, from the frame until the answer is written to the sender's socket.</summary>
    public const string Send = "send";

    /// <summary>On the gateway, from the making of the batch until the broker has it.</summary>
    public const string Publish = "publish";

    /// <summary>In the message service, from the start of the commit until it is stored.</summary>
    public const string Commit = "commit";

    /// <summary>On each recipient's gateway, from the envelope until the frame is written to his sockets.</summary>
    public const string Deliver = "deliver";

    /// <summary>On the sender's gateway, from the envelope until his answer is written.</summary>
    public const string Accepted = "accepted";

    private static readonly ActivitySource Source = new(SourceName, ImVersion.Text);

    /// <summary>Begins the trace of a send, or not: most are not sampled and cost a random number, and where nothing is exported not even that.</summary>
    public Activity? StartSend()
    {
        if (sampleRatio <= 0 || !Source.HasListeners() || Random.Shared.NextDouble() >= sampleRatio) return null;
        return Start(Send, ActivityKind.Server, default);
    }

    /// <summary>Continues the trace of a sampled message; null where it is not sampled, or this process exports nothing.</summary>
    /// <param name="trace">The W3C traceparent that came with it.</param>
    public static Activity? Continue(string name, ActivityKind kind, string? trace, Activity? batch = null)
    {
        if (trace is null || !ActivityContext.TryParse(trace, null, isRemote: true, out var parent)) return null;
        return Start(name, kind, parent, batch);
    }

    /// <summary>What goes with a message to whom it goes next.</summary>
    public static string? Onwards(Activity? span, string? trace) => span?.Id ?? trace;

    /// <summary>
    /// The current HTTP request is no trace, sampled or not, and what follows is not part of it: a request that becomes a connection of hours would be
    /// one span of hours, with all that ever happens on the connection below it.
    /// </summary>
    public static void LeaveRequest()
    {
        if (Activity.Current is { } request)
        {
            request.IsAllDataRequested = false;
            request.ActivityTraceFlags &= ~ActivityTraceFlags.Recorded;
        }

        Activity.Current = null;
    }

    /// <summary>Not the current activity: these spans live on queues, beside whatever else the thread does.</summary>
    private static Activity? Start(string name, ActivityKind kind, ActivityContext parent, Activity? batch = null)
    {
        var before = Activity.Current;
        // Without a parent of its own a span would continue the current activity; only none makes a new trace.
        Activity.Current = null;
        var span = Source.StartActivity(name, kind, parent, links: batch is null ? null : [new ActivityLink(batch.Context)]);
        Activity.Current = before;
        return span;
    }
}
