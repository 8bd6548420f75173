namespace Im.Browser.Tests;

/// <summary>
/// Runs tests/web/chat.mjs: two people chat in two real browsers. The browser driver is installed from the lockfile when it is
/// not there. Screenshots land in the folder that <c>IM_SHOTS</c> names, otherwise in a temporary one that the script prints.
/// </summary>
internal static class ChatScript
{
    private static readonly TimeSpan InstallLimit = TimeSpan.FromMinutes(2);
    private static readonly TimeSpan ChatLimit = TimeSpan.FromMinutes(4);

    /// <param name="gateways">One gateway for both people, or one for each of them.</param>
    /// <param name="cancellation">Ends the script and its browsers.</param>
    public static async Task RunAsync(IEnumerable<Uri> gateways, CancellationToken cancellation)
    {
        if (!Directory.Exists(Path.Combine(Repository.WebTests, "node_modules", "playwright-core")))
            await ScriptRun.RunAsync("npm", ["ci"], new Dictionary<string, string>(), InstallLimit, cancellation);

        Dictionary<string, string> environment = new() { ["IM_GATEWAY"] = string.Join(',', gateways.Select(gateway => gateway.AbsoluteUri)) };
        await ScriptRun.RunAsync("node", ["chat.mjs"], environment, ChatLimit, cancellation);
    }
}
