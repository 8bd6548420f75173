using Im.Local;
using Im.Tool.Testing;

namespace Im.Tool.Tests;

/// <summary>What the run knows of a test project before it has run.</summary>
public sealed class TestProjectTests
{
    [Fact]
    public void A_project_that_says_nothing_is_light_and_comes_last() => Assert.Equal((0, TestLoad.Light), Read(""));

    [Fact]
    public void A_project_says_how_long_it_takes_and_what_it_does_to_the_machine() =>
        Assert.Equal((90, TestLoad.Timed), Read("<ImTestSeconds>90</ImTestSeconds><ImTestLoad>Timed</ImTestLoad>"));

    [Theory]
    [InlineData("<ImTestSeconds>long</ImTestSeconds>")]
    [InlineData("<ImTestSeconds>-1</ImTestSeconds>")]
    [InlineData("<ImTestLoad>7</ImTestLoad>")]
    [InlineData("<ImTestLoad>Huge</ImTestLoad>")]
    public void What_means_nothing_is_named(string properties) =>
        Assert.Contains("Im.A.Tests", Assert.Throws<LocalStartException>(() => Read(properties)).Message, StringComparison.Ordinal);

    [Fact]
    public void Every_test_project_of_the_solution_is_found()
    {
        var projects = TestProject.FindAll(SolutionBinaries.Root);
        Assert.Equal(TestLoad.Timed, projects.Single(project => project.Name == "Im.Flow.Tests").Load);
        Assert.Contains(projects, project => project.Name == "Im.Protocol.Tests");
        Assert.DoesNotContain(projects, project => project.Name == "Im.Tool.Tests.Service");
        Assert.All(projects, project => Assert.EndsWith($"/{project.Name}.dll", project.Program, StringComparison.Ordinal));
    }

    private static (int Seconds, TestLoad Load) Read(string properties)
    {
        var project = TestProject.From("/root", "/root/tests/a/Im.A.Tests.csproj", $"<Project><PropertyGroup>{properties}</PropertyGroup></Project>");
        return (project.Seconds, project.Load);
    }
}
