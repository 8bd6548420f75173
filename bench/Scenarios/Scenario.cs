using Im.Bench.Load;
using Im.Bench.Results;
using Im.Bench.Subjects;
using Im.Protocol;

namespace Im.Bench.Scenarios;

/// <summary>One kind of load on every subject.</summary>
/// <param name="Name">As it is called on the command line.</param>
/// <param name="About">What is done, in a line.</param>
/// <param name="Note">What has to be known to read the table; empty, or a sentence with a space before it.</param>
/// <param name="Setups">In the order in which they run within a round.</param>
internal sealed record Scenario(string Name, string About, string Note, IReadOnlyList<Column> Columns, IReadOnlyList<Subject> Subjects, IReadOnlyList<Setup> Setups)
{
    private const string FromDue = " Latency is from the moment when a message was due until its recipient had it.";

    private const string OfXmpp =
        " XMPP answers no message: of ejabberd, accepted is what its recipient has, and it is the recipient, in the load tool too, who makes room in the sender's window.";

    private static readonly Subject[] Ours = [FullSubject.Subject, StandaloneSubject.Subject];

    private static readonly Subject[] WithPeers = [.. Ours, RelaySubject.Subject, EjabberdSubject.Archive, EjabberdSubject.WithoutStorage];

    public static IReadOnlyList<Scenario> All { get; } =
    [
        new("window", "closed loop: 200 connections with 64, 32 and 8 unanswered messages each, 100 bytes, each to a random other user", FromDue + OfXmpp, Column.Messages, WithPeers,
            [.. ((int[])[64, 32, 8]).SelectMany(window => OnEachWire($"window {window}", new BenchOptions { Window = window }))]),
        new("rate", "open loop: 1,000, 5,000, 20,000 and 50,000 messages a second over 200 connections, 100 bytes, each to a random other user", FromDue + OfXmpp, Column.Messages, WithPeers,
            [.. ((int[])[1_000, 5_000, 20_000, 50_000]).SelectMany(rate => OnEachWire($"{rate:N0}/s", new BenchOptions { Rate = rate }))]),
        new("group", "one sender in a group of 100, 1,000 and 10,000 members who are all online: closed loop with 8 unanswered messages, and one message a second",
            " Latency is from the moment when a message was due until the last member had it.", Column.Groups, Ours,
            [.. from members in (int[])[100, 1_000, 10_000] from rate in (int?[])[null, 1] from setup in InEachFormat($"{members:N0} members, {(rate is null ? "window 8" : "1/s")}", Group(members, rate)) select setup]),
        new("idle", "15,000 connections that only say every 24 s that they are there", " Of ejabberd the hellos are logins, each with the making of its account.", Column.Idle,
            [.. Ours, RelaySubject.Subject, EjabberdSubject.WithoutStorage], OnEachWire("15,000 connections", new BenchOptions { Connections = 15_000, Partners = 1, Kind = LoadKind.Idle }))
        {
            StartsAnew = true,
        },
        new("offline", $"{OfflineRun.Messages:N0} messages to {OfflineRun.Away:N0} users who are away and then all come back at once, while 100 others exchange 1,000 messages a second",
            " Live is what those others see: p99 in the seconds before, and while the rest is replayed.", Column.Offline, Ours,
            InEachFormat("window 64", new BenchOptions { Connections = 100, Window = 64, Drain = 300, Kind = LoadKind.Offline })),
        new("scale", "window 64 over 1, 2 and 4 message services, and over 1, 2 and 3 gateways", FromDue, Column.Messages,
            [
                FullSubject.With("1 message service", gateways: 2, messageServices: 1), FullSubject.With("2 message services", gateways: 2, messageServices: 2),
                FullSubject.With("4 message services", gateways: 2, messageServices: 4), FullSubject.With("1 gateway", gateways: 1, messageServices: 2),
                FullSubject.With("3 gateways", gateways: 3, messageServices: 2),
            ],
            InEachFormat("window 64", new BenchOptions { Window = 64 }))
        {
            Remarks = Results.Remarks.OfSpread,
        },
    ];

    /// <summary>Each setup has a start of its own: what one leaves in memory would be taken for the next one's.</summary>
    public bool StartsAnew { get; init; }

    /// <summary>What is to be said of all of its figures together, in lines below the table.</summary>
    public Func<Outcome, IEnumerable<string>> Remarks { get; init; } = Results.Remarks.OfPeers;

    /// <summary>The same load in each of our formats, and in the protocol of the peers.</summary>
    private static Setup[] OnEachWire(string load, BenchOptions options) =>
    [
        .. InEachFormat(load, options),
        // Nothing is refused: a server that does 200 messages a second needs a minute for the 12,800 of the largest window.
        new($"XMPP, {load}", options with { Drain = 120 }) { Load = load, Wire = Wire.Xmpp },
    ];

    private static Setup[] InEachFormat(string load, BenchOptions options) =>
    [
        new($"protobuf, {load}", options with { Format = FrameFormat.Protobuf }) { Load = load }, new($"JSON, {load}", options with { Format = FrameFormat.Json }) { Load = load },
    ];

    private static BenchOptions Group(int members, int? rate) =>
        new() { Connections = members, Groups = 1, Members = members, Senders = 1, Window = 8, Rate = rate };
}

/// <summary>One line of the results.</summary>
internal sealed record Setup(string Name, BenchOptions Options)
{
    /// <summary>What is done, whatever protocol it is done in: setups with the same load are compared.</summary>
    public string Load { get; init; } = Name;

    public Wire Wire { get; init; }
}

/// <summary>What a system speaks with its clients.</summary>
internal enum Wire
{
    /// <summary>Our own protocol, in the format that the options have.</summary>
    Frames,

    Xmpp,
}
