namespace Im.Client;

/// <summary>
/// What the system itself says no with: <see cref="ImApiException"/> for an HTTP call, <see cref="MessageRejectedException"/> for a message,
/// <see cref="ImStoppedException"/> for a client that has come to its end. A server that cannot be reached is an <see cref="HttpRequestException"/>.
/// </summary>
public abstract class ImException : Exception
{
    private protected ImException(string message, string? code, TimeSpan? retryAfter = null, Exception? cause = null)
        : base(message, cause)
    {
        Code = code;
        RetryAfter = retryAfter;
    }

    /// <summary>One of <see cref="Im.Protocol.Codes"/>; null where the refusal has none.</summary>
    public string? Code { get; }

    /// <summary>How long to wait before another try, where the server said so.</summary>
    public TimeSpan? RetryAfter { get; }
}
