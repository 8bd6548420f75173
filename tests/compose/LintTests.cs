using Im.Local;

namespace Im.Compose.Tests;

/// <summary>The files before the linters of others; both are installed from the lock file when they are not there.</summary>
public sealed class LintTests
{
    private static readonly string Here = Path.Combine(SolutionBinaries.Root, "tests", "compose");
    private static readonly SemaphoreSlim Installing = new(1, 1);

    [Fact]
    public async Task The_compose_file_keeps_to_its_schema_and_to_every_rule_of_dclint() =>
        await LintAsync("dclint/bin/dclint.cjs", "--max-warnings", "0", Path.Combine(SolutionBinaries.Root, "docker-compose.yml"));

    [Fact]
    public async Task The_Dockerfile_passes_dockerfilelint() =>
        await LintAsync("dockerfilelint/bin/dockerfilelint", Path.Combine(SolutionBinaries.Root, "Dockerfile"));

    private static async Task LintAsync(string program, params string[] arguments)
    {
        var modules = Path.Combine(Here, "node_modules");
        await Installing.WaitAsync(TestContext.Current.CancellationToken);
        try
        {
            if (!File.Exists(Path.Combine(modules, "dclint", "package.json")) || !File.Exists(Path.Combine(modules, "dockerfilelint", "package.json")))
                await Tool.RunAsync(Here, "npm", "ci", "--no-audit", "--no-fund", "--loglevel=error");
        }
        finally
        {
            Installing.Release();
        }

        await Tool.RunAsync(Here, "node", [Path.Combine(modules, program), .. arguments]);
    }
}
