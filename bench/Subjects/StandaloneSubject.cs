using Im.Local;

namespace Im.Bench.Subjects;

/// <summary>Im in one process, on SQLite with a commit that reaches the disk (<c>synchronous = FULL</c>).</summary>
internal static class StandaloneSubject
{
    private static readonly Dictionary<string, string> Settings = new() { ["Im__Message__MaxGroupMembers"] = "10000" };

    public static Subject Subject { get; } = new("im standalone", "one process, SQLite with synchronous = FULL", "im-standalone", StartAsync);

    private static async Task<RunningSubject> StartAsync(string directory, CancellationToken cancel)
    {
        var running = await Standalone.StartAsync(directory, Settings, cancel: cancel);
        var process = running.Process.Identity!;
        return new RunningSubject(
            [(running.GatewayUrl, process)], running.AdminUrl, running.AdminKey, [process], [],
            async () =>
            {
                await running.StopAsync(CancellationToken.None);
                await running.DisposeAsync();
            });
    }
}
