using System.Diagnostics;

namespace Im.Docs.Tests;

/// <summary>
/// The documents before the validators of others: Redocly's for OpenAPI, the parser of the AsyncAPI initiative for AsyncAPI. Both are installed from the
/// lock file when they are not there.
/// </summary>
public sealed class Lint
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(5);

    [Theory]
    [InlineData("clients")]
    [InlineData("admin")]
    public async Task The_OpenAPI_document_passes_the_recommended_rules(string name)
    {
        await InstallAsync();
        await RunAsync("node", "node_modules/@redocly/cli/bin/cli.js", "lint", "--extends", "recommended", "--max-problems", "50", OpenApi.Contract.FileOf(name));
    }

    [Fact]
    public async Task The_AsyncAPI_document_passes_the_parser()
    {
        await InstallAsync();
        await RunAsync("node", "asyncapi.mjs", Path.Combine(Repository.Docs, "asyncapi.yaml"));
    }

    private static async Task InstallAsync()
    {
        if (!Directory.Exists(Path.Combine(Repository.Tests, "node_modules", "@redocly", "cli")))
            await RunAsync("npm", "ci", "--no-audit", "--no-fund", "--loglevel=error");
    }

    private static async Task RunAsync(string program, params string[] arguments)
    {
        var start = new ProcessStartInfo(program, arguments) { WorkingDirectory = Repository.Tests, RedirectStandardOutput = true, RedirectStandardError = true };
        start.Environment["REDOCLY_TELEMETRY"] = "off";
        start.Environment["REDOCLY_SUPPRESS_UPDATE_NOTICE"] = "true";
        using var process = Process.Start(start)!;
        using var end = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        end.CancelAfter(Limit);
        try
        {
            var said = await Task.WhenAll(process.StandardOutput.ReadToEndAsync(end.Token), process.StandardError.ReadToEndAsync(end.Token));
            await process.WaitForExitAsync(end.Token);
            Assert.True(process.ExitCode == 0, $"{program} {string.Join(' ', arguments)} ended with {process.ExitCode}\n{string.Concat(said)}");
        }
        finally
        {
            if (!process.HasExited) process.Kill(entireProcessTree: true);
        }
    }
}
