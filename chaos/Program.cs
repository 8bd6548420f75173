using Im.Chaos;
using Im.Chaos.Verdicts;
using Im.Local;

var command = ChaosOptions.Command(async (options, cancel) =>
{
    var output = new Lock();
    void Say(string line)
    {
        lock (output) Console.WriteLine(line);
    }

    try
    {
        var verdict = await new ChaosRun(options, TimeProvider.System, Say).RunAsync(cancel);
        Table.Write(verdict, Console.Out);
        await RunFiles.WriteAsync(options, verdict, cancel);
        return verdict.IsGood ? 0 : 1;
    }
    catch (LocalStartException error)
    {
        await Console.Error.WriteLineAsync(error.Message);
        return 2;
    }
    catch (OperationCanceledException) when (cancel.IsCancellationRequested)
    {
        return 130;
    }
});
// Stopping a whole system takes longer than the default leaves.
return await command.Parse(args).InvokeAsync(new() { ProcessTerminationTimeout = TimeSpan.FromSeconds(60), EnableDefaultExceptionHandler = false });
