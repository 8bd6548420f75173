namespace Im.Chaos.Journals;

/// <summary>A scenario had the system from here to there, aftermath included.</summary>
public sealed record ScenarioWindow(string Scenario, TimeSpan From, TimeSpan To);

/// <summary>Something was broken from here to there.</summary>
/// <param name="What">In words, as <c>gateway-1 frozen for 20 s</c>.</param>
/// <param name="Healed">When the part that had failed answered again; what the promise gives time for counts from here.</param>
/// <param name="Accepting">Whether messages are to be accepted all through it, as when Redis is away.</param>
public sealed record FaultWindow(string Scenario, string What, TimeSpan From, TimeSpan Healed, bool Accepting);

/// <summary>A call that adds or removes a member: when it was made, and when it was answered "done" (null: never, so it may have been done or not).</summary>
public sealed record MemberCall(string Conversation, string User, bool Joins, TimeSpan Asked, TimeSpan? Answered);

/// <summary>A figure that was missed or a thing that is not as it should be, as a scenario or the run itself found it: it counts as a violation.</summary>
public sealed record Finding(TimeSpan At, string Scenario, string What);
