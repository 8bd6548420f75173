namespace Im.Client;

/// <summary>The client has stopped for good (see <see cref="ImClientState"/>); whether unanswered sends were stored is unknown.</summary>
public class ImStoppedException(ImClientState state, string? detail = null, Exception? cause = null) : Exception(
    detail is null ? $"the client has stopped: {state}" : $"the client has stopped: {state} ({detail})", cause)
{
    public ImClientState State { get; } = state;
}

/// <summary>The session is unknown, ended or expired: log in again.</summary>
public sealed class SessionEndedException() : ImStoppedException(ImClientState.SessionEnded, "log in again");
