namespace Im.Client;

/// <summary>The server answered a call with an error.</summary>
public sealed class ImApiException(int status, string? code, string? detail, TimeSpan? retryAfter) : Exception(
    $"the server answered {status} {code}{(detail is null ? "" : $": {detail}")}")
{
    /// <summary>The HTTP status.</summary>
    public int Status { get; } = status;

    /// <summary>One of <see cref="Im.Protocol.Codes"/>; null where something between client and server answered.</summary>
    public string? Code { get; } = code;

    /// <summary>How long to wait before another try, where the server said so.</summary>
    public TimeSpan? RetryAfter { get; } = retryAfter;
}
