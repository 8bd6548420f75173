namespace Im.Chaos.Load;

/// <summary>A message from its first send to its answer. When it is due is a time of the journal.</summary>
internal sealed class Unanswered(string id, Room room, string to, string body)
{
    /// <summary>The protocol's: after five seconds without an answer it is repeated with the same id.</summary>
    public static readonly TimeSpan RepeatAfter = TimeSpan.FromSeconds(5);

    /// <summary>Where a refusal that may be repeated names no pause.</summary>
    private static readonly TimeSpan RefusalPause = TimeSpan.FromSeconds(1);

    public string Id => id;

    public Room Room => room;

    public string To => to;

    public string Body => body;

    /// <summary>How often it was sent.</summary>
    public int Try { get; private set; }

    public TimeSpan DueAt { get; private set; }

    /// <summary>The SDK's call; bare devices have none.</summary>
    public Task Saying { get; set; } = Task.CompletedTask;

    public void Sent(TimeSpan now) => (Try, DueAt) = (Try + 1, now + RepeatAfter);

    /// <summary>The connection that it was sent on has gone.</summary>
    public void IsDue(TimeSpan now) => DueAt = now;

    public void Refused(TimeSpan now, int? pauseMs) => DueAt = now + (pauseMs is { } ms ? TimeSpan.FromMilliseconds(ms) : RefusalPause);
}
