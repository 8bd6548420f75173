using System.Diagnostics;
using System.Reflection;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace Im.K8s.Tests;

/// <summary>One run of check.mjs over all overlays, which all tests look at. Its packages are installed from the lock file when they are not there.</summary>
internal static partial class ManifestRun
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(5);
    private static readonly Lazy<Task> Installed = new(InstallAsync);
    private static readonly Lazy<Task<IReadOnlyDictionary<string, string[]>>> Once = new(RunAsync);

    private static readonly string Folder = Path.Combine(
        typeof(ManifestRun).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(attribute => attribute.Key == "RepositoryRoot").Value!, "tests", "k8s");

    /// <summary>The names of the checks, as their files have them: a test for each is known before any of them has run.</summary>
    public static IEnumerable<string> Checks => Directory.EnumerateFiles(Path.Combine(Folder, "checks"), "*.mjs").Order(StringComparer.Ordinal)
        .SelectMany(file => Exported().Matches(File.ReadAllText(file))).Select(match => match.Groups[1].Value);

    public static IEnumerable<string> Overlays =>
        Directory.EnumerateDirectories(Path.Combine(Folder, "..", "..", "k8s", "overlays")).Select(path => Path.GetFileName(path)).Order(StringComparer.Ordinal);

    /// <summary>By check and overlay, as "check @ overlay", what was found.</summary>
    public static Task<IReadOnlyDictionary<string, string[]>> Results => Once.Value;

    /// <summary>What one of the scripts prints.</summary>
    public static async Task<string> NodeAsync(params string[] arguments)
    {
        await Installed.Value;
        return await SayAsync("node", arguments);
    }

    private static async Task<IReadOnlyDictionary<string, string[]>> RunAsync() =>
        JsonSerializer.Deserialize<Dictionary<string, string[]>>(await NodeAsync("check.mjs", "--json"))!;

    private static async Task InstallAsync()
    {
        if (!File.Exists(Path.Combine(Folder, "node_modules", "kubernetes-models", "package.json")))
            await SayAsync("npm", "ci", "--no-audit", "--no-fund", "--loglevel=error");
    }

    private static async Task<string> SayAsync(string program, params string[] arguments)
    {
        var start = new ProcessStartInfo(program, arguments) { WorkingDirectory = Folder, RedirectStandardOutput = true, RedirectStandardError = true };
        using var process = Process.Start(start)!;
        using var end = new CancellationTokenSource(Limit);
        try
        {
            var said = await Task.WhenAll(process.StandardOutput.ReadToEndAsync(end.Token), process.StandardError.ReadToEndAsync(end.Token));
            await process.WaitForExitAsync(end.Token);
            Assert.True(process.ExitCode == 0, $"{program} {string.Join(' ', arguments)} ended with {process.ExitCode}\n{string.Concat(said)}");
            return said[0];
        }
        finally
        {
            if (!process.HasExited) process.Kill(entireProcessTree: true);
        }
    }

    [GeneratedRegex(@"^export function ([A-Z]\w+)\(", RegexOptions.Multiline)]
    private static partial Regex Exported();
}
