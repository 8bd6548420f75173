using System.Text.RegularExpressions;
using System.Xml.Linq;

namespace Im.Hosting.Tests;

/// <summary>Who may know whom, read from the project files of the whole solution.</summary>
public sealed partial class DependencyRuleTests
{
    private static readonly string Root = FindRoot();
    private static readonly string[] Shared = ["shared/protocol", "shared/contracts", "shared/hosting"];

    public static TheoryData<string> Projects => new(Directory
        .EnumerateFiles(Root, "*.csproj", SearchOption.AllDirectories)
        .Select(path => Path.GetRelativePath(Root, path).Replace('\\', '/'))
        .Where(path => path.Split('/') is ["shared" or "services" or "clients", ..]));

    [Theory]
    [MemberData(nameof(Projects))]
    public void A_project_knows_only_whom_it_may(string project)
    {
        var folder = Path.GetDirectoryName(project)!.Replace('\\', '/');
        var allowed = Allowed(folder);
        Assert.All(References(project), other => Assert.True(allowed(other), $"{folder} must not know {other}"));
    }

    [Fact]
    public void The_solution_has_the_shared_projects() =>
        Assert.All(Shared, folder => Assert.Contains(Projects, row => row.Data.StartsWith(folder + "/", StringComparison.Ordinal)));

    /// <summary>Dapper's own queries hold a thread where a row has not come to its end; <c>WholeRows</c> says why.</summary>
    [Fact]
    public void Nothing_that_serves_reads_rows_column_by_column()
    {
        var sources = ((string[])["services", "shared"]).SelectMany(folder => Directory.EnumerateFiles(Path.Combine(Root, folder), "*.cs", SearchOption.AllDirectories));
        Assert.DoesNotContain(sources, file => DapperQuery().IsMatch(File.ReadAllText(file)));
    }

    [GeneratedRegex(@"onnection\.Query[A-Za-z]*[<(]")]
    private static partial Regex DapperQuery();

    private static Func<string, bool> Allowed(string folder) => folder switch
    {
        "shared/protocol" or "shared/contracts" => _ => false,
        "shared/hosting" => other => other == "shared/contracts",
        "services/standalone" => other => Shared.Contains(other) || other.StartsWith("services/", StringComparison.Ordinal),
        _ when folder.StartsWith("services/", StringComparison.Ordinal) => other => Shared.Contains(other),
        _ when folder.StartsWith("clients/", StringComparison.Ordinal) => other => other == "shared/protocol",
        _ => _ => throw new InvalidOperationException($"no rule for {folder}: write one"),
    };

    private static IEnumerable<string> References(string project)
    {
        var folder = Path.GetDirectoryName(Path.Combine(Root, project))!;
        return XDocument.Load(Path.Combine(Root, project))
            .Descendants("ProjectReference")
            .Select(reference => Path.GetFullPath(reference.Attribute("Include")!.Value.Replace('\\', '/'), folder))
            .Select(path => Path.GetRelativePath(Root, Path.GetDirectoryName(path)!).Replace('\\', '/'));
    }

    private static string FindRoot()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "Im.sln"))) folder = folder.Parent ?? throw new InvalidOperationException("the tests run outside the repository");
        return folder.FullName;
    }
}
