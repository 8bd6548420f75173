using System.CommandLine;
using System.CommandLine.Help;
using Im.Local;
using Im.Tool.Chat;
using Im.Tool.Testing;

namespace Im.Tool;

/// <summary>Every command of 'im' with its words. What a command does is in the class of its name.</summary>
internal static partial class Commands
{
    public static Command Root()
    {
        var help = new HelpOption("--help", "-h", "-?") { Description = "This text." };
        help.Action = new LongHelp((HelpAction)help.Action!);
        return new Command("im", "Im, an instant-messaging backend: start it, look at it, talk through it, test it.")
        {
            Up(),
            Chat(),
            Ps(),
            Logs(),
            New("env", "Print addresses and keys of what is running, as shell lines.", (_, _) => Task.FromResult(Env.Run())),
            New("down", "Stop whatever is running.", (_, cancel) => Down.RunAsync(cancel)),
            Secrets(),
            Test(),
            Bench(),
            Chaos(),
            New("docs", "Write docs/openapi anew from what both doors serve.", (_, cancel) => WriteDocs.RunAsync(cancel)),
            Hidden(Supervise()),
            Hidden(Keep()),
            Hidden(New("idle", "Ends with status 3 if something is running: asked before a build.", (_, _) => Task.FromResult(Idle()))),
            help,
        };
    }

    private static Command Up()
    {
        var up = New("up", "Start everything in one process, in the foreground; Ctrl-C stops it.", (_, cancel) => UpStandalone.RunAsync(cancel));
        up.Add(Full());
        return up;
    }

    private static Command Chat()
    {
        var name = new Argument<string>("name") { Description = "Your user name." };
        var server = new Option<string?>("--server") { Description = "Address of a gateway, as http://127.0.0.1:8080; without it what runs here.", HelpName = "url" };
        server.Validators.Add(given =>
        {
            if (!Uri.TryCreate(given.GetValueOrDefault<string>(), UriKind.Absolute, out var address) || address.Scheme is not ("http" or "https"))
                given.AddError($"--server: {given.GetValueOrDefault<string>()} is no address; it should look like http://127.0.0.1:8080");
        });
        var stdin = new Option<bool>("--password-stdin") { Description = "The first line of the input is the password. Without it you are asked, and nothing is shown." };
        var register = new Option<bool>("--register") { Description = "Register the name, if there is none like it, without asking." };
        var chat = New("chat", "Chat as a user, in the terminal or from a script.", (parsed, cancel) => ChatCommand.RunAsync(
            new ChatOptions(
                parsed.GetRequiredValue(name), parsed.GetValue(server) is { } address ? new Uri(address) : null, parsed.GetValue(stdin), parsed.GetValue(register)),
            cancel));
        chat.Add(name);
        chat.Add(server);
        chat.Add(stdin);
        chat.Add(register);
        return chat;
    }

    private static Command Ps()
    {
        var json = new Option<bool>("--json") { Description = "As a JSON array." };
        var ps = New("ps", "List what is running, and how it is.", (parsed, cancel) => Tool.Ps.RunAsync(parsed.GetValue(json), cancel));
        ps.Add(json);
        return ps;
    }

    private static Command Logs()
    {
        var name = new Argument<string>("name") { Description = "A process as 'im ps' names it." };
        var follow = new Option<bool>("--follow", "-f") { Description = "Go on with what is added." };
        var logs = New("logs", "Show the log of a process, of the last run too when nothing runs.", (parsed, cancel) => Tool.Logs.RunAsync(parsed.GetRequiredValue(name), parsed.GetValue(follow), cancel));
        logs.Add(name);
        logs.Add(follow);
        return logs;
    }

    private static Command Test()
    {
        var test = New("test", "Install what the tests need and run all of them. Arguments: part of a test's name, or filters of xunit.", (parsed, cancel) => TestRun.RunAsync(parsed.UnmatchedTokens, cancel));
        test.TreatUnmatchedTokensAsErrors = false;
        return test;
    }

    private static Command Keep()
    {
        var keep = New(StepKeeper.Command, "Runs one program of 'test' and ends what it leaves.", (parsed, cancel) => StepKeeper.RunAsync(parsed.UnmatchedTokens, cancel));
        keep.TreatUnmatchedTokensAsErrors = false;
        return keep;
    }

    private static Command Bench()
    {
        var bench = New("bench", "Run the load tool against what is running, or a scenario that starts systems of its own and compares them; the arguments are its own.", (parsed, cancel) => Tool.Bench.RunAsync(parsed.UnmatchedTokens, cancel));
        bench.TreatUnmatchedTokensAsErrors = false;
        return bench;
    }

    private static Command Chaos()
    {
        var chaos = New("chaos", "Break a full system of its own under load and judge whether the promise held; the arguments are its own.", (parsed, cancel) => Tool.Chaos.RunAsync(parsed.UnmatchedTokens, cancel));
        chaos.TreatUnmatchedTokensAsErrors = false;
        return chaos;
    }

    private static Command New(string name, string description, Func<ParseResult, CancellationToken, Task<int>> run)
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

    private static int Idle()
    {
        if (Instance.IsRunning(out var running)) return Say(running, 3);
        return FaultRuns.AreUnderWay() ? Say("a fault run is under way in this working copy, and what it runs must not be rebuilt; wait for its end, or stop it by Ctrl-C where it runs", 3) : 0;
    }

    private static Command Hidden(Command command)
    {
        command.Hidden = true;
        return command;
    }

    private static int Say(string error, int status)
    {
        Console.Error.WriteLine(error);
        return status;
    }
}
