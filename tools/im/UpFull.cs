using Im.Local;

namespace Im.Tool;

/// <summary>'im up full': starts the supervisor in the background, shows its steps, and returns when everything is ready.</summary>
internal static class UpFull
{
    private static readonly TimeSpan LookEvery = TimeSpan.FromMilliseconds(100);

    /// <param name="edge">With the edge of production before the gateways.</param>
    /// <param name="cancel">Stops what was started.</param>
    public static async Task<int> RunAsync(bool edge, CancellationToken cancel)
    {
        Instance.RequireNothingRuns();
        var settings = UpSettings.ReadEnvironment();
        foreach (var door in settings.Doors.Concat(edge ? settings.EdgeDoors : []))
            door.RequireFree();
        var log = Instance.Paths.Log(Supervisor.LogName);
        // What it writes before it has moved a full log aside is of no interest here.
        var seen = File.Exists(log) ? new FileInfo(log).Length : 0;
        string[] options = edge ? [Supervisor.WithEdge] : [];
        var supervisor = await DetachedProcess.StartAsync(log, SolutionBinaries.Dotnet, [typeof(UpFull).Assembly.Location, "supervise", .. options]);
        try
        {
            return await FollowAsync(supervisor, log, seen, cancel);
        }
        catch (OperationCanceledException)
        {
            supervisor.Terminate();
            throw;
        }
    }

    private static async Task<int> FollowAsync(ProcessIdentity supervisor, string log, long seen, CancellationToken cancel)
    {
        while (true)
        {
            // Asked before the log is read: whatever it wrote before its end is shown.
            var (alive, state) = (supervisor.IsAlive, RunState.Load());
            seen = await ShowAsync(log, seen, cancel);
            if (!alive)
                return 1;
            if (state is { Ready: true })
            {
                Announcement.Print(state);
                return 0;
            }
            await Task.Delay(LookEvery, cancel);
        }
    }

    private static async Task<long> ShowAsync(string path, long from, CancellationToken cancel)
    {
        await using var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        if (stream.Length < from)
            from = 0;
        stream.Seek(from, SeekOrigin.Begin);
        await using var output = Console.OpenStandardOutput();
        await stream.CopyToAsync(output, cancel);
        return stream.Position;
    }
}
