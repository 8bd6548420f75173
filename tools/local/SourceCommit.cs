namespace Im.Local;

/// <summary>Which sources run.</summary>
public static class SourceCommit
{
    /// <summary>The short hash of the solution's commit, and whether anything was changed since; "an unknown commit" where git or its folder is missing.</summary>
    public static async Task<string> FindAsync(CancellationToken cancel)
    {
        if (Programs.Find("git") is not { } git) return "an unknown commit";
        var (status, hash) = await ShortCommand.RunAsync(git, ["-C", SolutionBinaries.Root, "rev-parse", "--short", "HEAD"], cancel: cancel);
        if (status != 0) return "an unknown commit";
        var (_, changed) = await ShortCommand.RunAsync(git, ["-C", SolutionBinaries.Root, "status", "--porcelain", "--untracked-files=no"], cancel: cancel);
        return hash.Trim() + (changed.Length > 0 ? " with changes" : "");
    }
}
