using Im.Local;

namespace Im.Tool;

/// <summary>The one instance of this working copy: its directory, and the lock that keeps it the only one.</summary>
internal static class Instance
{
    public const string DirectoryVariable = "IM_DIRECTORY";

    /// <summary>Everything of the instance lies here: database, logs, keys, state.</summary>
    public static string Directory { get; } =
        Path.GetFullPath(Environment.GetEnvironmentVariable(DirectoryVariable) is { Length: > 0 } chosen ? chosen : Path.Combine(SolutionBinaries.Root, ".im"));

    public static string RunDirectory => Path.Combine(Directory, "run");

    public static InstancePaths Paths => new(Directory);

    /// <summary>Held for as long as the instance runs. The kernel frees it however its holder ends.</summary>
    /// <exception cref="LocalStartException">Another process holds it.</exception>
    public static FileStream Lock(string name, string whenHeld)
    {
        System.IO.Directory.CreateDirectory(RunDirectory);
        try
        {
            return new FileStream(Path.Combine(RunDirectory, name + ".lock"), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException)
        {
            throw new LocalStartException(whenHeld);
        }
    }

    public static FileStream LockForRun() => Lock("up", AlreadyRunning());

    /// <exception cref="LocalStartException">Something runs.</exception>
    public static void RequireNothingRuns()
    {
        if (IsRunning(out var message))
            throw new LocalStartException(message);
    }

    public static bool IsRunning(out string message)
    {
        message = AlreadyRunning();
        return RunState.Load() is not null;
    }

    private static string AlreadyRunning() => $"already running ({RunState.Load()?.Mode ?? "starting"}); './im down' stops it";
}
