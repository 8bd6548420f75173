using System.Diagnostics;
using Im.Local;

namespace Im.Tool;

/// <summary>A program of this repository that a command hands over to; its output and its status are the command's.</summary>
internal static class OwnProgram
{
    /// <exception cref="LocalStartException">It is not built, or did not start.</exception>
    public static string Built(string folder, string assembly)
    {
        var program = SolutionBinaries.Built(folder, assembly);
        return File.Exists(program) ? program : throw new LocalStartException($"{program} is not built");
    }

    /// <summary>Runs it to its end. After Ctrl-C it knows already, and is given the time to say what it has and to stop what it started.</summary>
    public static async Task<int> RunAsync(ProcessStartInfo info, CancellationToken cancel)
    {
        using var program = Process.Start(info) ?? throw new LocalStartException($"{info.FileName} did not start");
        await program.WaitForExitAsync(cancel).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (!program.HasExited)
        {
            ProcessIdentity.Of(program.Id)?.Terminate();
            await program.WaitForExitAsync(CancellationToken.None);
        }

        return program.ExitCode;
    }

    /// <summary>Its own words about its options; status 1 where it cannot say them.</summary>
    public static int Help(Func<string> built)
    {
        try
        {
            using var program = Process.Start(SolutionBinaries.Dotnet, [built(), "--help"]) ?? throw new LocalStartException("the program did not start");
            program.WaitForExit();
            return program.ExitCode;
        }
        catch (LocalStartException error)
        {
            Console.Error.WriteLine(error.Message);
            return 1;
        }
    }
}
