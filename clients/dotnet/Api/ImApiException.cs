namespace Im.Client;

/// <summary>
/// The server answered a call with an error. Its code is null where something between client and server answered, a proxy for instance.
/// </summary>
public sealed class ImApiException : ImException
{
    /// <summary>For those who speak to the HTTP API themselves and want their failures to look the same.</summary>
    /// <param name="status">The HTTP status.</param>
    /// <param name="code">One of <see cref="Im.Protocol.Codes"/>.</param>
    /// <param name="detail">What the server says about this case.</param>
    /// <param name="retryAfter">The pause that the server asked for.</param>
    public ImApiException(int status, string? code, string? detail, TimeSpan? retryAfter)
        : base($"the server answered {status} {code}{(detail is null ? "" : $": {detail}")}", code, retryAfter)
    {
        Status = status;
        Detail = detail;
    }

    /// <summary>The HTTP status.</summary>
    public int Status { get; }

    /// <summary>What the server says about this case, in English.</summary>
    public string? Detail { get; }
}
