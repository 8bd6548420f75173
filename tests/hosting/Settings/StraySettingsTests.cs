using System.Text.RegularExpressions;
using Im.Hosting.Settings;
using Im.Local;
using Microsoft.Extensions.Configuration;

namespace Im.Hosting.Tests.Settings;

public sealed partial class StraySettingsTests
{
    private static readonly SettingSection[] Sections = [new("Im", ["Bus", "Database"]), new("Im:Gateway", ["AllowedOrigins"]), new("Im:Gateway", ["Listen"]), new("Im:Node", ["Name"])];

    [Theory]
    [InlineData("Im:Bus")]
    [InlineData("im:bus")]
    [InlineData("Im:Gateway:Listen")]
    [InlineData("Im:Gateway:AllowedOrigins:0")]
    [InlineData("Im:Node:Name")]
    [InlineData("Im:Message:MaxCommitRows")]
    [InlineData("Kestrel:Certificates:Default:Path")]
    public void What_somebody_reads_is_not_told(string key) => Assert.Empty(Find(key));

    [Theory]
    [InlineData("Im:Buss", "Im:Buss", "Im")]
    [InlineData("Im:Gateway:Listn", "Im:Gateway:Listn", "Im:Gateway")]
    [InlineData("Im:Gatway:Listen", "Im:Gatway", "Im")]
    [InlineData("Im:Nodes:Name", "Im:Nodes", "Im")]
    public void What_nobody_reads_is_told_with_the_section_that_does_not_know_it(string key, string told, string section) =>
        Assert.Equal([(told, section)], Find(key));

    [Fact]
    public void The_sections_of_all_services_are_known_everywhere()
    {
        var written = Directory.EnumerateFiles(Path.Combine(SolutionBinaries.Root, "services"), "*Options.cs", SearchOption.AllDirectories)
            .SelectMany(file => SectionOf().Matches(File.ReadAllText(file))).Select(match => match.Groups[1].Value);
        Assert.Equal(written.Order(), SettingSection.OfServices.Order());
    }

    private static IEnumerable<(string, string)> Find(string key)
    {
        var configuration = new ConfigurationBuilder().AddInMemoryCollection([new(key, "x")]).Build();
        return StraySettings.Find(configuration, Sections).Select(stray => (stray.Key, stray.Section.Path));
    }

    [GeneratedRegex("const string Section = \"([^\"]+)\"")]
    private static partial Regex SectionOf();
}
