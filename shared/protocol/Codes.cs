namespace Im.Protocol;

/// <summary>Why a frame was refused. The same words stand in <c>rejected</c>, in <c>error</c> and in HTTP problems.</summary>
public static class Codes
{
    public const string BadFrame = "bad_frame";
    public const string BadText = "bad_text";
    public const string TooBig = "too_big";
    public const string IdReuse = "id_reuse";
    public const string NotFound = "not_found";
    public const string Blocked = "blocked";
    public const string Forbidden = "forbidden";
    public const string RateLimited = "rate_limited";
    public const string Unavailable = "unavailable";
    public const string SessionEnded = "session_ended";

    /// <summary>HTTP only: a body or parameter breaks a documented rule.</summary>
    public const string Invalid = "invalid";
    public const string UsernameTaken = "username_taken";
    public const string BadCredentials = "bad_credentials";
    public const string TooMany = "too_many";
    public const string Unauthorized = "unauthorized";

    /// <summary>True for a refusal that the client answers by repeating the message with the same id.</summary>
    public static bool IsRetryable(string code) => code is Unavailable or RateLimited;
}

/// <summary>WebSocket close codes. 4400 and above tell the client what to do next: stop, log in, or come back.</summary>
public static class CloseCodes
{
    public const int Normal = 1000;
    public const int InvalidUtf8 = 1007;
    public const int TooBig = 1009;

    /// <summary>The server goes or was frozen: reconnect after the hint.</summary>
    public const int Restarting = 1012;
    public const int BadFrames = 4400;

    /// <summary>The session is unknown, ended or expired: log in again.</summary>
    public const int LogInAgain = 4401;

    /// <summary>The client did not read for 10 s, or was silent for 2.5 heartbeats.</summary>
    public const int TooSlow = 4408;

    /// <summary>A newer connection of the same device took over: do not reconnect by itself.</summary>
    public const int Replaced = 4409;
    public const int TooFast = 4429;

    /// <summary>True where a client reconnects by itself; the others need a person or another login.</summary>
    public static bool AllowsReconnect(int code) => code is not (LogInAgain or Replaced or BadFrames);
}
