namespace Im.Browser.Tests;

/// <summary>The unit tests of clients/web, which node runs without a server.</summary>
public sealed class SdkUnitTests
{
    /// <summary>For a run that hangs.</summary>
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(5);

    [Fact]
    public Task The_unit_tests_of_the_browser_client_pass() =>
        ScriptRun.RunAsync("node", ["--test", "--test-reporter=spec", "unit/"], new Dictionary<string, string>(), Limit,
            TestContext.Current.CancellationToken);
}
