namespace Im.Local;

/// <summary>
/// Fault runs of this working copy under way. Each holds the same lock, which it shares with the others: what they run must not be rebuilt under them. The kernel
/// frees it however its holder ends.
/// </summary>
public static class FaultRuns
{
    private static string Path => System.IO.Path.Combine(SolutionBinaries.Root, ".im", "run", "chaos.lock");

    /// <summary>Held until it is disposed of.</summary>
    /// <exception cref="IOException">Somebody looks at this moment whether there is one.</exception>
    public static IDisposable Begin()
    {
        Directory.CreateDirectory(System.IO.Path.GetDirectoryName(Path)!);
        return new FileStream(Path, FileMode.OpenOrCreate, FileAccess.Read, FileShare.Read);
    }

    public static bool AreUnderWay()
    {
        if (!File.Exists(Path)) return false;
        try
        {
            using var alone = new FileStream(Path, FileMode.Open, FileAccess.Read, FileShare.None);
            return false;
        }
        catch (IOException)
        {
            return true;
        }
    }
}
