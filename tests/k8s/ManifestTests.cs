namespace Im.K8s.Tests;

/// <summary>
/// The manifests in k8s/, rendered by kustomize, before the models of their kinds and against what the code reads, serves and declares. No cluster takes
/// part: what these tests cannot see stands in docs/kubernetes.md.
/// </summary>
public sealed class ManifestTests
{
    public static TheoryData<string, string> EveryCheckOfEveryOverlay()
    {
        var all = new TheoryData<string, string>();
        foreach (var check in ManifestRun.Checks.Append("kubectl_renders_the_same"))
        {
            foreach (var overlay in ManifestRun.Overlays) all.Add(check, overlay);
        }

        return all;
    }

    [Theory]
    [Trait("abuse", "88")]
    [MemberData(nameof(EveryCheckOfEveryOverlay))]
    public async Task The_overlay_holds(string check, string overlay)
    {
        var findings = (await ManifestRun.Results)[$"{check} @ {overlay}"];
        Assert.True(findings.Length == 0, string.Join('\n', findings));
    }

    [Fact]
    public async Task Every_check_finds_the_mistakes_that_it_is_for()
    {
        var missed = (await ManifestRun.Results)["caught"];
        Assert.True(missed.Length == 0, string.Join('\n', missed));
    }
}
