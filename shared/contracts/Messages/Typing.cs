namespace Im.Contracts.Messages;

/// <param name="Conversation">As named by the client, or the one of the two users; whether the user is in it is for the message service to say.</param>
public sealed record UserTyped(long UserId, Guid Conversation);

/// <summary>What a gateway saw since the last batch. Worth nothing after a few seconds: nothing keeps or repeats it.</summary>
public sealed record ReportTyping(IReadOnlyList<UserTyped> Typed)
{
    /// <summary>Older than this it is dropped, wherever it is.</summary>
    public static readonly TimeSpan Lifetime = TimeSpan.FromSeconds(5);
}
