namespace Im.Client;

/// <summary>
/// What a device holds: by conversation the highest seq up to which it has everything. Valid for one log of the server only; after a
/// restore from a backup (<paramref name="Log"/> changes) the client drops it by itself.
/// </summary>
/// <param name="Log">The log that they are of; null before the first connection.</param>
/// <param name="Conversations">The highest seq by conversation id.</param>
public sealed record ImCursors(string? Log, IReadOnlyDictionary<string, long> Conversations);
