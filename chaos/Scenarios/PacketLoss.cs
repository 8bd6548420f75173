using System.Globalization;
using System.Text.RegularExpressions;
using Im.Local;

namespace Im.Chaos.Scenarios;

/// <summary>Every tenth packet between clients and gateways vanishes, whichever way it goes. Needs a network of the run's own, since rules hold for all who are on it.</summary>
public sealed partial class PacketLoss : IScenario
{
    private const string Table = "im_chaos";
    private const int Percent = 10;

    private static readonly TimeSpan Lossy = TimeSpan.FromSeconds(30);

    public string Name => "packet-loss";

    public string About => $"{Percent} % of the packets between clients and gateways lost, both ways, for {Lossy.TotalSeconds:0} s";

    public TimeSpan Length => Lossy;

    public string? Lacks =>
        Programs.Find("nft") is null ? "nft is not installed; run: apt-get install nftables"
        : Environment.GetEnvironmentVariable("IM_CHAOS_NETNS") != "1" ? "the run has no network namespace of its own; run ./im chaos as root, with iproute2 installed"
        : null;

    public Task RunAsync(Stage stage, CancellationToken cancel) => stage.BreakAsync(
        $"{Percent} % of the packets between clients and gateways lost for {Lossy.TotalSeconds:0} s",
        accepting: true,
        () => TellAsync(Rules([.. stage.System.Gateways.Select(gateway => gateway.Port)])),
        Lossy,
        async () =>
        {
            var lost = LostIn(await TellAsync($"list table inet {Table}"));
            await TellAsync($"delete table inet {Table}");
            if (lost == 0) throw new InvalidOperationException("no packet was lost: the rules did not reach anybody");
        },
        cancel);

    /// <summary>At the way in: what is lost there was sent, so nobody is told; at the way out the sender would be.</summary>
    public static string Rules(IReadOnlyList<int> ports)
    {
        var set = string.Join(", ", ports);
        return $$"""
            table inet {{Table}} {
              chain lossy {
                type filter hook input priority 0;
                tcp dport { {{set}} } numgen random mod 100 < {{Percent}} counter drop
                tcp sport { {{set}} } numgen random mod 100 < {{Percent}} counter drop
              }
            }
            """;
    }

    /// <summary>The packets that the rules of a listed table have dropped.</summary>
    public static long LostIn(string listed) => Counter().Matches(listed).Sum(match => long.Parse(match.Groups[1].ValueSpan, CultureInfo.InvariantCulture));

    private static async Task<string> TellAsync(string words)
    {
        var (status, output) = await ShortCommand.RunAsync(Programs.Require("nft", "nftables"), ["-f", "-"], words);
        return status == 0 ? output : throw new LocalStartException($"nft failed: {output}");
    }

    [GeneratedRegex("counter packets ([0-9]+)")]
    private static partial Regex Counter();
}
