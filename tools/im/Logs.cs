using System.Diagnostics;
using Im.Local;

namespace Im.Tool;

/// <summary>'im logs NAME': the log of a process, of the last run too when nothing runs.</summary>
internal static class Logs
{
    public static async Task<int> RunAsync(string name, bool follow, CancellationToken cancel)
    {
        // Looked up among the names that exist, so that a name cannot lead out of the directory.
        if (!Names().Contains(name))
        {
            await Console.Error.WriteLineAsync($"there is no log '{name}'; there are: {string.Join(' ', Names())}");
            return 1;
        }
        var path = Instance.Paths.Log(name);
        if (follow)
            return await FollowAsync(path, cancel);
        await using var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        await using var output = Console.OpenStandardOutput();
        await stream.CopyToAsync(output, cancel);
        return 0;
    }

    private static string[] Names()
    {
        var directory = Path.GetDirectoryName(Instance.Paths.Log("any"))!;
        return Directory.Exists(directory) ? [.. Directory.EnumerateFiles(directory, "*.log").Select(file => Path.GetFileNameWithoutExtension(file)).Order()] : [];
    }

    private static async Task<int> FollowAsync(string path, CancellationToken cancel)
    {
        using var tail = Process.Start(Programs.Require("tail", "coreutils"), ["-n", "100", "-F", path]);
        await tail.WaitForExitAsync(cancel).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (!tail.HasExited)
            tail.Kill();
        return 0;
    }
}
