namespace Im.Local;

/// <summary>Finds programs of the machine; a missing one is named together with the Debian package that has it.</summary>
public static class Programs
{
    // The system's own directories are not on every user's PATH.
    private static readonly string[] SystemDirectories = ["/usr/local/sbin", "/usr/sbin", "/sbin"];

    public static string? Find(string name) =>
        (Environment.GetEnvironmentVariable("PATH") ?? "/usr/bin:/bin").Split(':', StringSplitOptions.RemoveEmptyEntries)
            .Concat(SystemDirectories)
            .Select(directory => Path.Combine(directory, name))
            .FirstOrDefault(File.Exists);

    public static string Require(string name, string package) => Find(name) ?? throw Missing(name, package);

    public static string RequireFile(string path, string package) => File.Exists(path) ? path : throw Missing(path, package);

    /// <summary>The newest PostgreSQL server of the machine; Debian keeps it off the PATH.</summary>
    public static string? FindPostgresDirectory()
    {
        const string Versions = "/usr/lib/postgresql";
        var debian = Directory.Exists(Versions)
            ? Directory.EnumerateDirectories(Versions)
                .OrderByDescending(path => int.TryParse(Path.GetFileName(path), out var version) ? version : 0)
                .Select(path => Path.Combine(path, "bin"))
            : [];
        return debian.FirstOrDefault(path => File.Exists(Path.Combine(path, "initdb"))) ?? Path.GetDirectoryName(TargetOf(Find("initdb")));
    }

    /// <summary>What a link on the search path leads to; the other programs lie beside that, not beside the link. Null where it leads nowhere.</summary>
    private static string? TargetOf(string? program)
    {
        if (program is null) return null;
        var target = File.ResolveLinkTarget(program, returnFinalTarget: true)?.FullName ?? program;
        return File.Exists(target) ? target : null;
    }

    internal static LocalStartException Missing(string program, string package) =>
        new($"{program} is not installed; run: apt-get install {package}");
}
