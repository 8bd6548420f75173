namespace Im.Contracts.Messages;

/// <summary>Event, after the block is in force or gone: each gateway adapts what the two see of each other's presence.</summary>
public sealed record BlockChanged(long UserId, long Other, bool IsBlocked);
