using System.Globalization;

namespace Im.Browser.Tests;

/// <summary>
/// Runs a script of tests/web/scenarios in real browsers. The browser driver is installed from the lockfile when it is not there.
/// Screenshots are kept below <c>.im/test-artifacts/browser</c>, or where <c>IM_SHOTS</c> says.
/// </summary>
internal static class ChatScript
{
    private static readonly TimeSpan InstallLimit = TimeSpan.FromMinutes(5);

    /// <summary>Each wait in a script has its own deadline of 120 s; this one is for a script that hangs.</summary>
    private static readonly TimeSpan ScriptLimit = TimeSpan.FromMinutes(15);

    private static readonly SemaphoreSlim Installing = new(1, 1);

    /// <param name="scenario">File name without its ending.</param>
    /// <param name="mode">Names the folder of the screenshots.</param>
    /// <param name="gateways">One gateway for everybody, or several.</param>
    /// <param name="cancellation">Ends the script and its browsers.</param>
    /// <param name="victim">Process that the script may kill.</param>
    public static async Task RunAsync(string scenario, string mode, IEnumerable<Uri> gateways, CancellationToken cancellation, int? victim = null)
    {
        await InstallAsync(cancellation);
        var shots = Environment.GetEnvironmentVariable("IM_SHOTS") ?? Path.Combine(Repository.Root, ".im", "test-artifacts", "browser");
        Dictionary<string, string> environment = new()
        {
            ["IM_GATEWAY"] = string.Join(',', gateways.Select(gateway => gateway.AbsoluteUri)),
            ["IM_SHOTS"] = Path.Combine(shots, mode),
        };
        if (victim is { } pid) environment["IM_GATEWAY_PID"] = pid.ToString(CultureInfo.InvariantCulture);
        await ScriptRun.RunAsync("node", [$"scenarios/{scenario}.mjs"], environment, ScriptLimit, cancellation);
    }

    private static async Task InstallAsync(CancellationToken cancellation)
    {
        await Installing.WaitAsync(cancellation);
        try
        {
            string[] needed = ["playwright-core", "axe-core"];
            if (needed.All(package => Directory.Exists(Path.Combine(Repository.WebTests, "node_modules", package)))) return;
            await ScriptRun.RunAsync("npm", ["ci"], new Dictionary<string, string>(), InstallLimit, cancellation);
        }
        finally
        {
            Installing.Release();
        }
    }
}
