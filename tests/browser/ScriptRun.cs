using System.Diagnostics;
using System.Text;

namespace Im.Browser.Tests;

/// <summary>
/// Runs a program of the tests in tests/web. A run that does not end with 0 fails the test with everything that it printed;
/// one that takes longer than <c>limit</c> is killed with its children.
/// </summary>
internal static class ScriptRun
{
    public static async Task RunAsync(
        string program,
        IEnumerable<string> arguments,
        IReadOnlyDictionary<string, string> environment,
        TimeSpan limit,
        CancellationToken cancellation)
    {
        ProcessStartInfo start = new(program, arguments)
        {
            WorkingDirectory = Repository.WebTests,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (var (name, value) in environment)
            start.Environment[name] = value;

        StringBuilder output = new();
        using Process process = new() { StartInfo = start };
        process.OutputDataReceived += (_, line) => Append(output, line.Data);
        process.ErrorDataReceived += (_, line) => Append(output, line.Data);
        process.Start();
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();

        using var timeout = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        timeout.CancelAfter(limit);
        try
        {
            await process.WaitForExitAsync(timeout.Token);
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            Assert.Fail($"{program} did not end within {limit}.\n{Snapshot(output)}");
        }

        var printed = Snapshot(output);
        Assert.True(process.ExitCode == 0, $"{program} ended with {process.ExitCode}.\n{printed}");
        TestContext.Current.TestOutputHelper?.WriteLine(printed);
    }

    private static void Append(StringBuilder output, string? line)
    {
        if (line is null)
            return;
        lock (output)
            output.AppendLine(line);
    }

    private static string Snapshot(StringBuilder output)
    {
        lock (output)
            return output.ToString();
    }
}
