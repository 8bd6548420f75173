using System.Text.RegularExpressions;
using Im.Local;

namespace Im.Compose.Tests;

/// <summary>The one recipe for the images of all services.</summary>
internal static partial class Dockerfile
{
    public static string Text { get; } = File.ReadAllText(Path.Combine(SolutionBinaries.Root, "Dockerfile"));

    public static IEnumerable<string> BaseImages => From().Matches(Text).Select(match => match.Groups[1].Value);

    /// <summary>The services that it builds.</summary>
    public static IEnumerable<string> Services => Loop().Match(Text).Groups[1].Value.Split(' ');

    [GeneratedRegex(@"(?m)^FROM (\S+)")]
    private static partial Regex From();

    [GeneratedRegex(@"for service in ([\w ]+);")]
    private static partial Regex Loop();
}
