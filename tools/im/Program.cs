using System.CommandLine;
using System.CommandLine.Help;
using Im.Local;
using Im.Tool;
using Im.Tool.Testing;

var json = new Option<bool>("--json") { Description = "As a JSON array." };
var follow = new Option<bool>("--follow", "-f") { Description = "Go on with what is added." };
var logName = new Argument<string>("name") { Description = "A process as 'im ps' names it." };

var upFull = Command("full", "Start every service in a process of its own, with RabbitMQ, Redis and PostgreSQL, in the background.", (_, cancel) => UpFull.RunAsync(cancel));
var up = Command("up", "Start everything in one process, in the foreground; Ctrl-C stops it.", (_, cancel) => UpStandalone.RunAsync(cancel));
up.Add(upFull);
var ps = Command("ps", "List what is running, and how it is.", (parsed, cancel) => Ps.RunAsync(parsed.GetValue(json), cancel));
ps.Add(json);
var logs = Command("logs", "Show the log of a process.", (parsed, cancel) => Logs.RunAsync(parsed.GetRequiredValue(logName), parsed.GetValue(follow), cancel));
logs.Add(logName);
logs.Add(follow);
var test = Command("test", "Install what the tests need and run all of them. Arguments: part of a test's name, or filters of xunit.", (parsed, cancel) => TestRun.RunAsync(parsed.UnmatchedTokens, cancel));
test.TreatUnmatchedTokensAsErrors = false;
var bench = Command("bench", "Run the load tool against what is running; the arguments are its own.", (parsed, cancel) => Bench.RunAsync(parsed.UnmatchedTokens, cancel));
bench.TreatUnmatchedTokensAsErrors = false;
var supervise = Command("supervise", "What 'up full' leaves in the background.", (_, cancel) => Supervisor.RunAsync(cancel));
supervise.Hidden = true;
var idle = Command("idle", "Ends with status 3 if something is running: asked before a build.", (_, _) => Task.FromResult(Instance.IsRunning(out var running) ? Say(running, 3) : 0));
idle.Hidden = true;

var root = new Command("im", "Im, an instant-messaging backend: start it, look at it, test it.")
{
    up,
    ps,
    Command("env", "Print addresses and keys of what is running, as shell lines.", (_, _) => Task.FromResult(Env.Run())),
    Command("down", "Stop whatever is running.", (_, cancel) => Down.RunAsync(cancel)),
    logs,
    test,
    bench,
    supervise,
    idle,
    new HelpOption(),
};
// A stop may take as long as the slowest server; the default would cut it off after 2 s.
return await root.Parse(args).InvokeAsync(new InvocationConfiguration { ProcessTerminationTimeout = TimeSpan.FromSeconds(60), EnableDefaultExceptionHandler = false });

static Command Command(string name, string description, Func<ParseResult, CancellationToken, Task<int>> run)
{
    var command = new Command(name, description);
    command.SetAction(async (parsed, cancel) =>
    {
        try
        {
            return await run(parsed, cancel);
        }
        catch (LocalStartException error)
        {
            return Say(error.Message, 1);
        }
        catch (OperationCanceledException) when (cancel.IsCancellationRequested)
        {
            return 130;
        }
    });
    return command;
}

static int Say(string error, int status)
{
    Console.Error.WriteLine(error);
    return status;
}
