using System.ComponentModel.DataAnnotations;
using Im.Hosting.Settings;
using Microsoft.Extensions.Options;

namespace Im.Gateway;

/// <summary>Section <c>Im:Gateway</c>.</summary>
public sealed class GatewayOptions
{
    public const string Section = "Im:Gateway";

    /// <summary>Address of the clients' door.</summary>
    [Required]
    [Because("without a door nobody can connect")]
    public string Listen { get; init; } = "http://127.0.0.1:8080";

    /// <summary>The address that clients are told; the listening one where nothing stands before the gateway.</summary>
    public string? PublicUrl { get; init; }

    /// <summary>Origins of web pages that may connect and call besides the gateway's own, as <c>https://chat.example.org</c>; the page calls them in turn.</summary>
    public IReadOnlyList<string> AllowedOrigins { get; init; } = [];

    /// <summary>
    /// Proxies that are believed about whose request they pass on (<c>X-Forwarded-For</c>, <c>X-Forwarded-Proto</c>): addresses, or networks as
    /// <c>10.1.0.0/16</c>. None by default: anybody can write such a header.
    /// </summary>
    public IReadOnlyList<string> TrustedProxies { get; init; } = [];

    /// <summary>Seconds between a client's heartbeats; after 2.5 of them in silence the connection closes.</summary>
    [Range(1, 300)]
    [Because("a client that is gone is noticed after 2.5 of them")]
    public int HeartbeatSeconds { get; init; } = 30;

    /// <summary>Sockets of this process at most: a process may open 20,000 files, and needs some itself.</summary>
    [Range(1, 1_000_000)]
    [Because("each is an open file of the process")]
    public int MaxConnections { get; init; } = 18_000;

    /// <summary>Sockets from one address at most. Not for loopback in development.</summary>
    [Range(1, 1_000_000)]
    [Because("with none nobody could connect, and all of them are open files of the process", Unit = "connections of an address")]
    public int MaxConnectionsPerAddress { get; init; } = 200;

    /// <summary>
    /// TCP connections from one address at most, whatever they are for: sockets, calls, and those that never say a word. More are closed unread. Not for
    /// loopback in development.
    /// </summary>
    [Range(1, 1_000_000)]
    [Because("with none nobody could connect, and all of them are open files of the process", Unit = "TCP connections of an address")]
    public int MaxTcpPerAddress { get; init; } = 400;

    /// <summary>TCP connections of the clients' door beyond <see cref="MaxConnections"/>, for calls; the files of the process bound both.</summary>
    [Range(1, 1_000_000)]
    [Because("each is an open file of the process")]
    public int MaxCallConnections { get; init; } = 1_000;

    /// <summary>Messages a second that one connection may send for good; none of these limits holds in development.</summary>
    [Range(1, 1_000_000)]
    [Because("with none nobody could send", Unit = "messages a second")]
    public int MessagesPerSecond { get; init; } = 50;

    /// <summary>Messages that one connection may send at once.</summary>
    [Range(1, 1_000_000)]
    [Because("with none nobody could send", Unit = "messages at once")]
    public int MessageBurst { get; init; } = 500;

    /// <summary>Frames of any kind a second and at once; who goes beyond is closed with 4429.</summary>
    [Range(1, 1_000_000)]
    [Because("with none nobody could say anything", Unit = "frames a second")]
    public int FramesPerSecond { get; init; } = 500;

    [Range(1, 1_000_000)]
    [Because("with none nobody could say anything", Unit = "frames at once")]
    public int FrameBurst { get; init; } = 5_000;

    /// <summary>HTTP calls that change something, a second and user for good; not in development.</summary>
    [Range(1, 1_000_000)]
    [Because("with none nobody could change anything", Unit = "calls a second")]
    public int CallsPerSecond { get; init; } = 20;

    /// <summary>Such calls that a user may make at once.</summary>
    [Range(1, 1_000_000)]
    [Because("with none nobody could change anything", Unit = "calls at once")]
    public int CallBurst { get; init; } = 100;

    /// <summary>Unanswered messages of one connection at most; more are refused, retryable.</summary>
    [Range(1, 100_000)]
    [Because("each is remembered until it is answered", Unit = "messages of a connection")]
    public int MaxUnanswered { get; init; } = 2_048;

    /// <summary>Lanes, one for each message service, that hand a batch over at once. Few make larger batches under load, more make less waiting below it (4: measured).</summary>
    [Range(1, 1_024)]
    [Because("a system has 1,024 shards at most, and no more lanes", Unit = "lanes at once")]
    public int ParallelSubmits { get; init; } = 4;

    /// <summary>Reads of the log at once, so that a thousand replays leave room for live messages.</summary>
    [Range(1, 1_000)]
    [Because("each waits for one of ten connections to the database", Unit = "reads at once")]
    public int ParallelReads { get; init; } = 8;

    /// <summary>Hellos whose session is looked up at once; the others wait for their turn.</summary>
    [Range(1, 1_000)]
    [Because("each waits for one of ten connections to the database", Unit = "hellos at once")]
    public int ParallelHellos { get; init; } = 8;

    /// <summary>Seconds between two comparisons of what was sent with what is in the log.</summary>
    [Range(1, 30)]
    [Because("what was lost on the way to a client is found after that long")]
    public int ReconcileSeconds { get; init; } = 30;
}

internal sealed class GatewayOptionsRules : IValidateOptions<GatewayOptions>
{
    public ValidateOptionsResult Validate(string? name, GatewayOptions options)
    {
        var faults = new List<string>();
        if (options.TrustedProxies.Where(text => !TrustedProxies.TryParse(text, out _)).ToList() is { Count: > 0 } proxies)
            faults.Add($"Im:Gateway:TrustedProxies has addresses, or networks as 10.1.0.0/16 that do not mean everybody: {string.Join(", ", proxies)}");
        if (options.PublicUrl is { Length: > 0 } url && !IsWebAddress(url))
            faults.Add($"Im:Gateway:PublicUrl is '{url}': what clients connect to, as https://chat.example.org or http://127.0.0.1:8080");
        if (options.AllowedOrigins.Where(origin => origin.Length > 0 && !IsOrigin(origin)).ToList() is { Count: > 0 } origins)
            faults.Add($"Im:Gateway:AllowedOrigins has scheme and host, with the port where it is not the usual one, as https://chat.example.org: {string.Join(", ", origins)}");
        return faults.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(faults);
    }

    private static bool IsWebAddress(string text) => Uri.TryCreate(text, UriKind.Absolute, out var url) && url.Scheme is "http" or "https";

    /// <summary>As a browser or an app's web view writes it (RFC 6454): nothing behind host and port, the usual port left out.</summary>
    private static bool IsOrigin(string text) => Uri.TryCreate(text, UriKind.Absolute, out var url)
        && url.Host.Length > 0 && string.Equals(url.GetLeftPart(UriPartial.Authority), text, StringComparison.OrdinalIgnoreCase);
}
