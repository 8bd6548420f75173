using System.CommandLine.Invocation;
using Im.Chaos;
using Im.Chaos.Verdicts;
using Im.Local;

var command = ChaosOptions.Command(async (options, cancel) =>
{
    // Signals are listened to from the first await on; until then they end the process without a word.
    await Task.Yield();
    var output = new Lock();
    void Say(string line)
    {
        lock (output) Console.WriteLine(line);
    }

    try
    {
        using var held = FaultRuns.Begin();
        var verdict = await new ChaosRun(options, TimeProvider.System, Say).RunAsync(cancel);
        Table.Write(verdict, Console.Out);
        await KeepAsync(options, verdict, cancel);
        Say($"\nthis verdict and the logs stay in {options.Directory}; '{options.Repeat}' repeats the schedule");
        return verdict.IsGood ? 0 : 1;
    }
    catch (Exception error) when (error is LocalStartException or IOException or UnauthorizedAccessException)
    {
        await Console.Error.WriteLineAsync(error.Message);
        return 2;
    }
    catch (OperationCanceledException) when (cancel.IsCancellationRequested)
    {
        Say($"stopped before its end: no verdict; the logs are in {options.Directory}, and '{options.Repeat}' begins again");
        return 130;
    }
    catch (Exception defect)
    {
        // Of the harness: it says nothing about the promise.
        await Console.Error.WriteLineAsync($"the harness failed: {defect}\nno verdict; the logs are in {options.Directory}");
        return 2;
    }
});

// 1 is a broken promise; words that nobody understands are none.
var parsed = command.Parse(args);
if (parsed is { Errors.Count: > 0, Action: ParseErrorAction })
{
    foreach (var error in parsed.Errors) Console.Error.WriteLine(error.Message);
    Console.Error.WriteLine("'./im chaos --help' says what there is.");
    return 2;
}

// Stopping a whole system takes longer than the default leaves.
return await parsed.InvokeAsync(new() { ProcessTerminationTimeout = TimeSpan.FromSeconds(60), EnableDefaultExceptionHandler = false });

// A full disk does not change the verdict.
static async Task KeepAsync(ChaosOptions options, Verdict verdict, CancellationToken cancel)
{
    try
    {
        await RunFiles.WriteAsync(options, verdict, cancel);
    }
    catch (Exception error) when (error is IOException or UnauthorizedAccessException)
    {
        await Console.Error.WriteLineAsync($"the verdict could not be written: {error.Message}");
    }
}
