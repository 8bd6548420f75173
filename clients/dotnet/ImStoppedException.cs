using Im.Protocol;

namespace Im.Client;

/// <summary>The client has stopped for good (see <see cref="ImClientState"/>); whether unanswered sends were stored is unknown.</summary>
public class ImStoppedException : ImException
{
    internal ImStoppedException(ImClientState state, string? detail = null, Exception? cause = null)
        : base(
            detail is null ? $"the client has stopped: {state}" : $"the client has stopped: {state} ({detail})",
            state == ImClientState.SessionEnded ? Codes.SessionEnded : null,
            cause: cause) => State = state;

    /// <summary>The state in which the client stays.</summary>
    public ImClientState State { get; }
}

/// <summary>The session is unknown, ended or expired: log in again.</summary>
public sealed class SessionEndedException : ImStoppedException
{
    internal SessionEndedException()
        : base(ImClientState.SessionEnded, "log in again")
    {
    }
}
