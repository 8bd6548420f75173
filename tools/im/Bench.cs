using System.Diagnostics;
using Im.Local;

namespace Im.Tool;

/// <summary>'im bench': the load tool with the addresses and the key of what is running, or a scenario, which starts systems of its own.</summary>
internal static class Bench
{
    public static async Task<int> RunAsync(IReadOnlyList<string> arguments, CancellationToken cancel)
    {
        if (arguments is [not ['-', ..], ..]) return await OwnProgram.RunAsync(new ProcessStartInfo(SolutionBinaries.Dotnet, [Program(), .. arguments]), cancel);
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
