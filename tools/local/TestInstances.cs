namespace Im.Local;

/// <summary>
/// Directories for the instances of tests, below .im/test of the solution. A fixture deletes its own; what killed runs have left is
/// deleted by the next './im test', except what still runs.
/// </summary>
public static class TestInstances
{
    private static string Parent => Path.Combine(SolutionBinaries.Root, ".im", "test");

    /// <summary>A new, empty directory.</summary>
    public static string Create(string name)
    {
        var directory = Path.Combine(Parent, $"{name}-{Path.GetRandomFileName().Replace(".", "", StringComparison.Ordinal)}");
        return Directory.CreateDirectory(directory).FullName;
    }

    public static void DeleteLeftovers()
    {
        foreach (var directory in Directory.Exists(Parent) ? Directory.GetDirectories(Parent) : [])
        {
            if (IsInUse(directory))
                continue;
            PrivatePostgres.DeleteData(new InstancePaths(directory));
            Directory.Delete(directory, recursive: true);
        }
    }

    private static bool IsInUse(string directory)
    {
        var run = Path.GetDirectoryName(new InstancePaths(directory).Pid("any"))!;
        // A directory without pid files may belong to a fixture that has only begun.
        return Directory.GetLastWriteTimeUtc(directory) > TimeProvider.System.GetUtcNow().UtcDateTime.AddMinutes(-1)
            || Directory.Exists(run) && Directory.EnumerateFiles(run, "*.pid").Any(file => ProcessIdentity.Parse(File.ReadAllText(file)) is { IsAlive: true });
    }
}
