using Im.Protocol;

namespace Im.Client;

/// <summary>How a client connects and behaves. Immutable: <c>options with { … }</c> makes another one.</summary>
public sealed record ImClientOptions
{
    /// <summary>Where to connect first: a base address (<c>http://host:8080</c>) or the WebSocket address that a login answered with.</summary>
    public required Uri Gateway { get; init; }

    /// <summary>The session id, from a login or handed over by a product's server. It is sent in the first frame, never in an address.</summary>
    public required string Session { get; init; }

    /// <summary>How frames are written on the wire; both say the same. Protobuf is shorter and costs half the CPU; JSON can be read in a network trace.</summary>
    public FrameFormat Format { get; init; } = FrameFormat.Protobuf;

    /// <summary>What an earlier process held, from <see cref="ImClient.Cursors"/>. Null: the server's stored cursors decide what is replayed.</summary>
    public ImCursors? Cursors { get; init; }

    /// <summary>Messages are acknowledged once the application took them. False: only <see cref="ImClient.AckAsync"/> acknowledges.</summary>
    public bool AutomaticAck { get; init; } = true;

    /// <summary>Acknowledgements are collected for this long and leave in one array: a busy conversation costs 20 a second, not thousands.</summary>
    public TimeSpan AckDelay { get; init; } = TimeSpan.FromMilliseconds(50);

    /// <summary>Sends on the wire without an answer. Those beyond wait in order: it bounds what is sent again after a break.</summary>
    public int MaxUnanswered { get; init; } = 1024;

    /// <summary>Messages received and not yet taken. When full the rest is left on the server and fetched again once half are taken.</summary>
    public int ReceiveQueue { get; init; } = 1024;

    /// <summary>Silence after which a send is repeated with the same id; 5 s by the protocol.</summary>
    public TimeSpan RepeatAfter { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>The first reconnect comes within this time, so that a single broken connection is hardly felt.</summary>
    public TimeSpan BackoffMin { get; init; } = TimeSpan.FromMilliseconds(100);

    /// <summary>No reconnect waits longer; random below it, so that the clients of a dead gateway do not come back at one moment.</summary>
    public TimeSpan BackoffMax { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>From dialling to <c>welcome</c>; a gateway that needs longer is given up for the next one.</summary>
    public TimeSpan ConnectTimeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>For TLS settings and proxies of one's own; it stays the caller's. Null: one shared handler with the system's settings.</summary>
    public HttpMessageHandler? Handler { get; init; }

    /// <summary>Told of exceptions that the application's event handlers throw. Null: they are unhandled, as any exception on a pool thread.</summary>
    public Action<Exception>? OnHandlerError { get; init; }

    /// <summary>The clock and the timers; tests give their own.</summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;

    /// <summary>A number from 0 to below 1 that spreads reconnects; tests fix it.</summary>
    internal Func<double> Jitter { get; init; } = Random.Shared.NextDouble;

    /// <exception cref="ArgumentException">A value is out of its range.</exception>
    internal void Check()
    {
        ArgumentNullException.ThrowIfNull(Gateway);
        ArgumentNullException.ThrowIfNull(Session);
        if (!Gateway.IsAbsoluteUri || Gateway.Scheme is not ("http" or "https" or "ws" or "wss"))
            throw new ArgumentException($"{Gateway} is no address of a gateway; it should look like http://127.0.0.1:8080");
        ArgumentOutOfRangeException.ThrowIfLessThan(MaxUnanswered, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(ReceiveQueue, 1);
        foreach (var time in new[] { RepeatAfter, BackoffMin, BackoffMax, ConnectTimeout }) ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(time, TimeSpan.Zero);
        ArgumentOutOfRangeException.ThrowIfLessThan(AckDelay, TimeSpan.Zero);
        ArgumentOutOfRangeException.ThrowIfLessThan(BackoffMax, BackoffMin);
    }
}
