using System.Diagnostics;
using Im.Local;

namespace Im.Tool;

/// <summary>
/// 'im chaos': the fault harness. Where that is allowed it runs, with everything that it starts, in a network namespace of its own: what it does to the network
/// reaches nobody else, and its ports are nobody else's.
/// </summary>
internal static class Chaos
{
    /// <summary>Tells the harness that it is alone on its network.</summary>
    private const string OwnNetwork = "IM_CHAOS_NETNS";

    public static Task<int> RunAsync(IReadOnlyList<string> arguments, CancellationToken cancel)
    {
        var info = new ProcessStartInfo(SolutionBinaries.Dotnet, [Program(), .. arguments]);
        if (Environment.IsPrivilegedProcess && Programs.Find("unshare") is { } unshare && Programs.Find("ip") is { } ip)
        {
            info = new ProcessStartInfo(unshare, ["--net", "--", "/bin/sh", "-c", "\"$0\" link set lo up && exec \"$@\"", ip, SolutionBinaries.Dotnet, Program(), .. arguments]);
            info.Environment[OwnNetwork] = "1";
        }

        return OwnProgram.RunAsync(info, cancel);
    }

    public static string Program() => OwnProgram.Built("chaos", "Im.Chaos");
}
