using System.Text.RegularExpressions;
using System.Xml.Linq;
using Im.Local;

namespace Im.Compose.Tests;

/// <summary>What the image is built from: everything that the services' projects name, and nothing more.</summary>
public sealed partial class BuildContextTests(Generated generated) : IClassFixture<Generated>
{
    private static readonly string[] Allowed =
        [.. File.ReadAllLines(Path.Combine(SolutionBinaries.Root, ".dockerignore")).Where(line => line.StartsWith('!')).Select(line => line[1..])];

    [Fact]
    public void The_recipe_builds_every_service_of_the_compose_file() =>
        Assert.Equal(generated.Compose.Own.Select(one => one.Program).Distinct().Order(), Dockerfile.Services.Order());

    [Fact]
    public void What_the_projects_of_the_services_are_made_of_goes_to_the_builder()
    {
        var projects = new HashSet<string>();
        foreach (var service in Dockerfile.Services) Collect(Assert.Single(Directory.GetFiles(Path.Combine(SolutionBinaries.Root, "services", service), "*.csproj")), projects);
        Assert.Contains(projects, project => project.EndsWith("Im.Contracts.csproj", StringComparison.Ordinal));
        // Package contents are no part of the build; they are read when the package is made.
        var files = projects.SelectMany(project => XDocument.Load(project).Descendants()
            .Where(item => item.Name.LocalName is "Content" or "EmbeddedResource" or "Compile" or "Protobuf")
            .Select(item => item.Attribute("Include")?.Value).OfType<string>().Select(include => Full(project, Wildcard().Replace(include, "."))));
        Assert.All([.. projects, .. files], path => Assert.True(IsAllowed(path), $"{path} is kept from the builder by .dockerignore"));
    }

    [Fact]
    public void The_rules_of_the_build_go_to_the_builder_and_exist()
    {
        Assert.Superset(new HashSet<string> { ".editorconfig", "Directory.Build.props", "Directory.Packages.props", "global.json" }, new HashSet<string>(Allowed));
        Assert.All(Allowed, path => Assert.True(Path.Exists(Path.Combine(SolutionBinaries.Root, path)), $"{path} does not exist"));
    }

    private static void Collect(string project, HashSet<string> into)
    {
        if (!into.Add(project)) return;
        foreach (var reference in XDocument.Load(project).Descendants("ProjectReference")) Collect(Full(project, reference.Attribute("Include")!.Value), into);
    }

    private static string Full(string project, string include) => Path.GetFullPath(include, Path.GetDirectoryName(project)!);

    private static bool IsAllowed(string path) => Allowed.Select(allowed => Path.Combine(SolutionBinaries.Root, allowed))
        .Any(allowed => path == allowed || path.StartsWith(allowed + Path.DirectorySeparatorChar, StringComparison.Ordinal));

    [GeneratedRegex(@"[^/]*\*.*$")]
    private static partial Regex Wildcard();
}
