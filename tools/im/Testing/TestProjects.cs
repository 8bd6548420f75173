using Im.Local;

namespace Im.Tool.Testing;

/// <summary>A test project is every project below tests/ that refers to xunit.v3; it builds a program that runs its tests.</summary>
internal sealed record TestProject(string Name, string Program)
{
    public static IReadOnlyList<TestProject> FindAll(string root) =>
    [
        .. Directory.EnumerateFiles(Path.Combine(root, "tests"), "*.csproj", SearchOption.AllDirectories)
            .Where(path => !path.Contains("/node_modules/", StringComparison.Ordinal))
            .Where(path => File.ReadAllText(path).Contains("\"xunit.v3\"", StringComparison.Ordinal))
            .Order(StringComparer.Ordinal)
            .Select(path => From(root, path)),
    ];

    private static TestProject From(string root, string path)
    {
        var name = Path.GetFileNameWithoutExtension(path);
        return new(name, SolutionBinaries.Built(Path.GetRelativePath(root, Path.GetDirectoryName(path)!), name));
    }

    /// <summary>
    /// The arguments of the command line as filters of xunit: one that starts with a dash, and what follows it, goes through unchanged;
    /// words before are each a part of a test's full name.
    /// </summary>
    public static IEnumerable<string> Filters(IReadOnlyList<string> arguments)
    {
        var words = arguments.TakeWhile(argument => !argument.StartsWith('-')).ToList();
        return [.. words.SelectMany(word => (string[])["-method", $"*{word}*"]), .. arguments.Skip(words.Count)];
    }
}
