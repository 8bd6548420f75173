namespace Im.Client;

/// <summary>Where a client stands. From <see cref="Replaced"/> on it stays there: connecting again needs a person, a login or another client.</summary>
public enum ImClientState
{
    /// <summary><see cref="ImClient.ConnectAsync"/> was not called yet.</summary>
    New,

    /// <summary>No gateway has said <c>welcome</c> yet; they are tried one after the other.</summary>
    Connecting,

    /// <summary>The gateway said <c>welcome</c>; what was missed may still be arriving.</summary>
    Connected,

    /// <summary>The connection broke; sends wait and are repeated on the next one.</summary>
    Reconnecting,

    /// <summary>A newer connection of the same device took over (4409).</summary>
    Replaced,

    /// <summary>The session is unknown, ended or expired (4401): log in again.</summary>
    SessionEnded,

    /// <summary>The server refuses what this client says (4400): a defect of the client or of its use.</summary>
    Refused,

    /// <summary>Disposed.</summary>
    Closed,
}
