using System.Diagnostics;

namespace Im.Local;

/// <summary>A program that does one thing and ends.</summary>
public static class ShortCommand
{
    /// <summary>Runs it to its end; its status and all that it said.</summary>
    /// <param name="environment">Variables to set; a null value removes one that the parent has.</param>
    public static async Task<(int Status, string Output)> RunAsync(
        string program, IReadOnlyList<string> arguments, string input = "", IReadOnlyDictionary<string, string?>? environment = null, CancellationToken cancel = default)
    {
        var info = new ProcessStartInfo(program, arguments)
        {
            WorkingDirectory = "/",
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (var (name, value) in environment ?? new Dictionary<string, string?>())
        {
            if (value is null) info.Environment.Remove(name);
            else info.Environment[name] = value;
        }

        using var process = Process.Start(info) ?? throw new LocalStartException($"{program} did not start");
        var output = process.StandardOutput.ReadToEndAsync(cancel);
        var errors = process.StandardError.ReadToEndAsync(cancel);
        await process.StandardInput.WriteAsync(input.AsMemory(), cancel);
        process.StandardInput.Close();
        await process.WaitForExitAsync(cancel);
        return (process.ExitCode, await output + await errors);
    }
}
