namespace Im.Hosting.Nodes;

/// <summary>What the last whole round of the check of the log found. The message service writes it, operators read it.</summary>
/// <param name="StartedAt">Unix milliseconds; what came later may be counted or not.</param>
/// <param name="FinishedAt">Unix milliseconds.</param>
/// <param name="Messages">In the log, from its beginning on.</param>
/// <param name="Due">Messages times the members that they are for, of those who are members now.</param>
/// <param name="Acknowledged">Of these, the ones that a device of the member acknowledged.</param>
public sealed record LogCheckReport(long Round, long StartedAt, long FinishedAt, long Messages, long Conversations, long Due, long Acknowledged);
