using Im.Local;

namespace Im.Tool;

/// <summary>'im up': one process with everything in it, for as long as this command stays in the foreground.</summary>
internal static class UpStandalone
{
    public static async Task<int> RunAsync(CancellationToken cancel)
    {
        Instance.RequireNothingRuns();
        using var held = Instance.LockForRun();
        var settings = UpSettings.ReadEnvironment();
        var gateway = settings.Gateways[0];
        gateway.RequireFree();
        settings.Admin.RequireFree();
        RunState.Starting("standalone").Save();
        try
        {
            Console.WriteLine("starting standalone: all services in one process");
            await using var standalone = await Standalone.StartAsync(Instance.Directory, ServiceSettings.FromCaller(), gateway.Address, settings.Admin.Address, cancel: cancel);
            Console.WriteLine($"ready; data and logs are in {Instance.Directory}");
            Announcement.Print(Publish(standalone));
            Console.WriteLine("Ctrl-C stops it");
            return await WaitAsync(standalone, cancel);
        }
        finally
        {
            RunState.Delete();
        }
    }

    private static RunState Publish(Standalone standalone)
    {
        var state = RunState.Starting("standalone") with
        {
            Ready = true,
            Processes = RunningProcess.From([standalone.Process]),
            GatewayUrls = [standalone.GatewayUrl],
            AdminUrl = standalone.AdminUrl,
            AdminKey = standalone.AdminKey,
        };
        state.Save();
        return state;
    }

    private static async Task<int> WaitAsync(Standalone standalone, CancellationToken cancel)
    {
        await standalone.Process.Exited.WaitAsync(cancel).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (!cancel.IsCancellationRequested)
            throw new LocalStartException($"standalone has ended; the end of {standalone.Process.LogPath}:\n{LogFile.Tail(standalone.Process.LogPath)}");
        Console.WriteLine("stopping");
        await standalone.StopAsync(CancellationToken.None);
        Console.WriteLine("stopped");
        return 0;
    }
}
