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
        return await OwnProgram.RunAsync(info, cancel);
    }

    public static string Program() => OwnProgram.Built("bench", "Im.Bench");
}
