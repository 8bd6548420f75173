using System.Globalization;
using System.Xml.Linq;
using Im.Local;

namespace Im.Tool.Testing;

/// <summary>A test project is every project below tests/ that refers to xunit.v3; it builds a program that runs its tests.</summary>
/// <param name="Name">Its file's name.</param>
/// <param name="Program">The dll to run.</param>
/// <param name="Seconds">About how long it takes on two cores, as its property ImTestSeconds says; 0 where that is not worth a line.</param>
/// <param name="Load">What may run beside it, as its property ImTestLoad says.</param>
internal sealed record TestProject(string Name, string Program, int Seconds, TestLoad Load)
{
    public static IReadOnlyList<TestProject> FindAll(string root) =>
    [
        .. Directory.EnumerateFiles(Path.Combine(root, "tests"), "*.csproj", SearchOption.AllDirectories)
            .Where(path => !path.Contains("/node_modules/", StringComparison.Ordinal))
            .Order(StringComparer.Ordinal)
            .Select(path => (Path: path, Text: File.ReadAllText(path)))
            .Where(project => project.Text.Contains("\"xunit.v3\"", StringComparison.Ordinal))
            .Select(project => From(root, project.Path, project.Text)),
    ];

    /// <exception cref="LocalStartException">One of the two properties has a value that means nothing.</exception>
    public static TestProject From(string root, string path, string text)
    {
        var name = Path.GetFileNameWithoutExtension(path);
        var properties = XDocument.Parse(text).Descendants("PropertyGroup").Elements().ToLookup(element => element.Name.LocalName, element => element.Value);
        return new(
            name,
            SolutionBinaries.Built(Path.GetRelativePath(root, Path.GetDirectoryName(path)!), name),
            properties["ImTestSeconds"].SingleOrDefault() is not { } seconds ? 0
                : int.TryParse(seconds, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number
                : throw new LocalStartException($"ImTestSeconds of {name} is no number: {seconds}"),
            properties["ImTestLoad"].SingleOrDefault() is not { } load ? TestLoad.Light
                : Enum.TryParse<TestLoad>(load, out var known) && Enum.IsDefined(known) ? known
                : throw new LocalStartException($"ImTestLoad of {name} is one of {string.Join(", ", Enum.GetNames<TestLoad>())}, not {load}"));
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
