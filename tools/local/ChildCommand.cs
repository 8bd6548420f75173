using System.Collections.Concurrent;
using System.Diagnostics;

namespace Im.Local;

/// <summary>
/// How a child is started: in a session of its own (the terminal's Ctrl-C is for the parent), with its output appended to a file
/// without a pump in between, and killed by the kernel when the parent dies in whatever way.
/// </summary>
internal sealed record ChildCommand(string File, params string[] Arguments)
{
    // The kernel sends the parent-death signal when the *thread* that forked ends, and pool threads do end: one thread starts all children.
    private static readonly BlockingCollection<Action> StartQueue = StartThread();

    public IReadOnlyDictionary<string, string?> Environment { get; init; } = new Dictionary<string, string?>();

    /// <summary>Account to run under; null for the parent's own. Needs root.</summary>
    public string? RunAs { get; init; }

    public required string LogPath { get; init; }

    public string WorkingDirectory { get; init; } = "/";

    /// <summary>Lets it outlive its parent.</summary>
    public bool Detached { get; init; }

    public async Task<Process> StartAsync()
    {
        LogFile.Prepare(LogPath);
        var started = new TaskCompletionSource<Process>(TaskCreationOptions.RunContinuationsAsynchronously);
        StartQueue.Add(() =>
        {
            try
            {
                started.SetResult(Process.Start(StartInfo()) ?? throw new LocalStartException($"{File} did not start"));
            }
            catch (Exception error)
            {
                started.SetException(error);
            }
        });
        return await started.Task;
    }

    private ProcessStartInfo StartInfo()
    {
        // Every step is an exec, so that the pid which we get is the pid of the program itself.
        const string Script = "log=$1; shift; exec \"$@\" >>\"$log\" 2>&1 </dev/null";
        var info = new ProcessStartInfo("/bin/sh") { UseShellExecute = false, WorkingDirectory = WorkingDirectory };
        string[] death = Detached ? [] : ["--pdeathsig", "KILL"];
        string[] privileges = death.Length > 0 || RunAs is not null ? ["setpriv", .. death, .. AccountArguments(RunAs), "--"] : [];
        foreach (var argument in (string[])["-c", Script, "sh", LogPath, "setsid", .. privileges, File, .. Arguments])
            info.ArgumentList.Add(argument);
        foreach (var (name, value) in Environment)
        {
            if (value is null)
                info.Environment.Remove(name);
            else
                info.Environment[name] = value;
        }
        return info;
    }

    /// <summary>What setpriv needs to run under another account.</summary>
    public static string[] AccountArguments(string? account) =>
        account is null ? [] : ["--reuid", account, "--regid", account, "--init-groups"];

    private static BlockingCollection<Action> StartThread()
    {
        var queue = new BlockingCollection<Action>(boundedCapacity: 64);
        var thread = new Thread(() =>
        {
            foreach (var start in queue.GetConsumingEnumerable())
                start();
        })
        { IsBackground = true, Name = "child starter" };
        thread.Start();
        return queue;
    }
}

/// <summary>Something could not be started; the message is one line that tells a person what to do.</summary>
public sealed class LocalStartException(string message) : Exception(message);
