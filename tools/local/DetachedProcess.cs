namespace Im.Local;

/// <summary>A program that outlives whoever starts it, in a session of its own, with its output in a log.</summary>
public static class DetachedProcess
{
    /// <exception cref="LocalStartException">It ended at once.</exception>
    public static async Task<ProcessIdentity> StartAsync(string logPath, string program, params string[] arguments)
    {
        var process = await new ChildCommand(program, arguments) { LogPath = logPath, Detached = true, WorkingDirectory = Environment.CurrentDirectory }.StartAsync();
        return ProcessIdentity.Of(process.Id) ?? throw new LocalStartException($"{program} ended at once:\n{LogFile.Tail(logPath)}");
    }
}
