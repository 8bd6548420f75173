namespace Im.Abuse.Tests;

/// <summary>The files that the repository keeps, without what builds and runs leave beside them.</summary>
internal static class Repository
{
    private static readonly string[] Left = ["bin", "obj", ".git", ".im", "node_modules", "TestResults", ".vs", ".idea"];

    public static string Root { get; } = FindRoot();

    /// <summary>Path below the root, with slashes, and text of every file below the folders with one of the endings.</summary>
    public static IEnumerable<(string Path, string Text)> Files(string[] folders, params string[] endings) =>
        from folder in folders
        from path in Below(new DirectoryInfo(Path.Combine(Root, folder)))
        where endings.Length == 0 || endings.Contains(path.Extension, StringComparer.OrdinalIgnoreCase)
        select (Path.GetRelativePath(Root, path.FullName).Replace('\\', '/'), File.ReadAllText(path.FullName));

    private static IEnumerable<FileInfo> Below(DirectoryInfo folder) =>
        folder.EnumerateFiles().Concat(folder.EnumerateDirectories().Where(one => !Left.Contains(one.Name)).SelectMany(Below));

    private static string FindRoot()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "Im.sln"))) folder = folder.Parent ?? throw new InvalidOperationException("the tests run outside the repository");
        return folder.FullName;
    }
}
