using System.Diagnostics;
using Im.Local;

namespace Im.Tool;

/// <summary>'im bench': the load tool with the addresses and the key of what is running.</summary>
internal static class Bench
{
    public static async Task<int> RunAsync(IReadOnlyList<string> arguments, CancellationToken cancel)
    {
        if (RunState.Load() is not { Ready: true } state)
        {
            await Console.Error.WriteLineAsync("nothing is running; start './im up' or './im up full' first");
            return 1;
        }
        var info = new ProcessStartInfo(SolutionBinaries.Dotnet, [Program(), .. arguments]);
        foreach (var (name, value) in Env.Variables(state).Where(variable => variable.Name != Env.RedisPassword))
            info.Environment[name] = value;
        using var bench = Process.Start(info) ?? throw new LocalStartException("the load tool did not start");
        await bench.WaitForExitAsync(cancel).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (!bench.HasExited)
        {
            // After Ctrl-C it knows already; it is given the time to print what it has measured.
            ProcessIdentity.Of(bench.Id)?.Terminate();
            await bench.WaitForExitAsync(CancellationToken.None);
        }
        return bench.ExitCode;
    }

    /// <summary>The load tool's own words about its options.</summary>
    public static int Help()
    {
        using var bench = Process.Start(SolutionBinaries.Dotnet, [Program(), "--help"]) ?? throw new LocalStartException("the load tool did not start");
        bench.WaitForExit();
        return bench.ExitCode;
    }

    private static string Program()
    {
        var program = SolutionBinaries.Built("bench", "Im.Bench");
        return File.Exists(program) ? program : throw new LocalStartException($"{program} is not built");
    }
}
