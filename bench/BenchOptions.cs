using System.Globalization;
using Im.Bench.Load;
using Im.Protocol;

namespace Im.Bench;

/// <summary>What to run; every value from the command line, the three addresses and keys from the environment where not given.</summary>
internal sealed record BenchOptions
{
    public const string Usage = """
        Im.Bench: loads a running system through its client port and checks every message. With the name of a scenario it starts systems of its own and compares them:
        Im.Bench SCENARIO --help.

          --connections 200   WebSocket connections
          --format json       how they write their frames: json or protobuf
          --users N           users they belong to (default: one each)
          --partners 0        users each connection writes to (0: a random one each time)
          --groups 0          write into so many groups instead
          --members 10        members of each group
          --senders 0         connections that write; 0: all of them
          --size 100          bytes of a body, 24 to 16384
          --window 16         unanswered messages of each connection (closed loop)
          --rate N            messages per second of all together (open loop; the window is ignored)
          --seconds 10        measured time
          --warmup 5          seconds before it
          --drain 30          seconds to wait at the end for what was accepted
          --gateway URL[,URL] client addresses; IM_GATEWAY; without them each session's own
          --admin URL         admin address; IM_ADMIN, default http://127.0.0.1:8081
          --admin-key KEY     IM_ADMIN_KEY
          --json              one line of JSON after the table

        Ends with 1 when a message was lost, doubled or out of order, or a connection broke; with 2 when it could not run.
        """;

    public int Connections { get; init; } = 200;

    public FrameFormat Format { get; init; } = FrameFormat.Json;

    public int Users { get; init; }

    public int Partners { get; init; }

    public int Groups { get; init; }

    public int Members { get; init; } = 10;

    /// <summary>Connections that write, the first ones; 0 for all.</summary>
    public int Senders { get; init; }

    public int Size { get; init; } = 100;

    public int Window { get; init; } = 16;

    public int? Rate { get; init; }

    public double Seconds { get; init; } = 10;

    public double Warmup { get; init; } = 5;

    public double Drain { get; init; } = 30;

    public IReadOnlyList<Uri> Gateways { get; init; } = Addresses(Environment.GetEnvironmentVariable("IM_GATEWAY"));

    public Uri Admin { get; init; } = new(Environment.GetEnvironmentVariable("IM_ADMIN") is { Length: > 0 } admin ? admin : "http://127.0.0.1:8081");

    public string AdminKey { get; init; } = Environment.GetEnvironmentVariable("IM_ADMIN_KEY") ?? "";

    public bool Json { get; init; }

    /// <summary>What is done with the connections; other kinds than the usual one are for scenarios.</summary>
    public LoadKind Kind { get; init; }

    /// <exception cref="FormatException">An option or value that is not known.</exception>
    public static BenchOptions Parse(IReadOnlyList<string> arguments)
    {
        var options = new BenchOptions();
        for (var i = 0; i < arguments.Count; i++)
        {
            if (arguments[i] == "--json")
            {
                options = options with { Json = true };
                continue;
            }

            if (i + 1 == arguments.Count) throw new FormatException($"{arguments[i]}: unknown, or a value is missing");
            options = options.With(arguments[i], arguments[++i]);
        }

        if (options.Users == 0) options = options with { Users = options.Connections };
        return options.Checked();
    }

    private BenchOptions With(string name, string value) => name switch
    {
        "--connections" => this with { Connections = Whole(value) },
        "--format" => this with { Format = FrameFormat.Find($"im.v1.{value}") ?? throw new FormatException("--format: json or protobuf") },
        "--users" => this with { Users = Whole(value) },
        "--partners" => this with { Partners = Whole(value) },
        "--groups" => this with { Groups = Whole(value) },
        "--members" => this with { Members = Whole(value) },
        "--senders" => this with { Senders = Whole(value) },
        "--size" => this with { Size = Whole(value) },
        "--window" => this with { Window = Whole(value) },
        "--rate" => this with { Rate = Whole(value) },
        "--seconds" => this with { Seconds = Number(value) },
        "--warmup" => this with { Warmup = Number(value) },
        "--drain" => this with { Drain = Number(value) },
        "--gateway" => this with { Gateways = Addresses(value) },
        "--admin" => this with { Admin = new Uri(value) },
        "--admin-key" => this with { AdminKey = value },
        _ => throw new FormatException($"{name}: unknown option"),
    };

    private BenchOptions Checked()
    {
        if (Connections < 2 || Users < 2 || Users > Connections) throw new FormatException("at least two users, and not more of them than connections");
        if (Size is < BodyStamp.Length or > Limits.BodyBytes) throw new FormatException("--size: 24 to 16384");
        if (Window is < 1 or > LoadClient.MaxOpen || Rate is < 1 || Seconds <= 0) throw new FormatException("--window, --rate and --seconds: more than zero");
        if (Senders > Connections) throw new FormatException("--senders: not more than connections");
        if (Groups > 0 && (Members < 2 || Members > Users)) throw new FormatException("--members: from 2 to the number of users");
        return this;
    }

    private static int Whole(string value) => int.Parse(value, NumberStyles.None, CultureInfo.InvariantCulture);

    private static double Number(string value) => double.Parse(value, NumberStyles.Float, CultureInfo.InvariantCulture);

    private static List<Uri> Addresses(string? list) =>
        [.. (list ?? "").Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).Select(address => new Uri(address))];
}

internal enum LoadKind
{
    /// <summary>They write, and get what others wrote.</summary>
    Talk,

    /// <summary>Nobody writes.</summary>
    Idle,

    /// <summary>They write to users who are away and come back later.</summary>
    Offline,
}
