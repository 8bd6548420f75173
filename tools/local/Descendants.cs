namespace Im.Local;

/// <summary>
/// Everything that this process has started, directly or not, stays below it even when a parent in between dies: so that all of it can
/// be ended. For programs that own all their children.
/// </summary>
public static class Descendants
{
    /// <summary>Call once, before the first child is started.</summary>
    public static void Keep() => Native.AdoptOrphans();

    /// <summary>Kills all of them.</summary>
    public static void Kill()
    {
        foreach (var process in ProcessIdentity.Of(Environment.ProcessId)!.Tree().Skip(1))
            process.Signal(Signal.Kill);
    }
}
