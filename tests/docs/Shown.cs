using Im.Local;

namespace Im.Docs.Tests;

/// <summary>Who is shown the documents: everybody in development, in production nobody unless a setting says so.</summary>
public sealed class Shown : IAsyncLifetime
{
    private readonly string _directory = TestInstances.Create("docs-shown");

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public ValueTask DisposeAsync()
    {
        Directory.Delete(_directory, recursive: true);
        return ValueTask.CompletedTask;
    }

    [Theory]
    [InlineData("", 404)]
    [InlineData("false", 404)]
    [InlineData("true", 200)]
    [Trait("abuse", "83")]
    public async Task Production_shows_the_documents_only_where_it_is_told_to(string enabled, int status)
    {
        await using var running = await StartAsync(enabled);
        using var http = new HttpClient(new SocketsHttpHandler { UseProxy = false });
        foreach (var door in (Uri[])[running.GatewayUrl, running.AdminUrl])
        {
            foreach (var path in (string[])["openapi/v1.json", "docs/index.html"])
            {
                using var answer = await http.GetAsync(new Uri(door, path), Cancel);
                Assert.Equal((path, status), (path, (int)answer.StatusCode));
            }
        }
    }

    [Fact]
    public async Task A_setting_that_is_neither_true_nor_false_keeps_the_process_from_starting()
    {
        var fault = await Assert.ThrowsAsync<LocalStartException>(() => StartAsync("yes"));
        Assert.Contains("Im:Docs:Enabled is true or false", fault.Message, StringComparison.Ordinal);
    }

    private Task<Standalone> StartAsync(string enabled) => Standalone.StartAsync(
        _directory,
        new Dictionary<string, string> { [ServiceSettings.AspNetEnvironment] = "Production", ["Im__Docs__Enabled"] = enabled },
        cancel: Cancel);
}
