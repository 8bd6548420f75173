using Im.Local;

namespace Im.Tool;

/// <summary>'im down': asks whoever runs the instance to stop, and removes by force what does not. Nothing running is fine.</summary>
internal static class Down
{
    private static readonly TimeSpan StopLimit = TimeSpan.FromSeconds(50), KillLimit = TimeSpan.FromSeconds(5);

    public static async Task<int> RunAsync(CancellationToken cancel)
    {
        if (RunState.LoadAny() is not { } state)
        {
            Console.WriteLine("nothing is running");
            return 0;
        }
        var wasRunning = state.Owner.IsAlive;
        state.Owner.Terminate();
        if (!await state.Owner.WaitForExitAsync(StopLimit, cancel))
            await KillAsync(state.Owner, cancel);
        foreach (var process in state.Processes)
            await KillAsync(process.Identity, cancel);
        RunState.Delete();
        Console.WriteLine(wasRunning ? $"stopped ({state.Mode})" : "nothing is running");
        return 0;
    }

    private static async Task KillAsync(ProcessIdentity process, CancellationToken cancel)
    {
        foreach (var killed in process.KillTree())
        {
            if (!await killed.WaitForExitAsync(KillLimit, cancel))
                throw new LocalStartException($"process {killed.Pid} could not be killed");
        }
    }
}
