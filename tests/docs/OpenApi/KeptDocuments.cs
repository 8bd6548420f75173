namespace Im.Docs.Tests.OpenApi;

/// <summary>The documents in the repository are those that the running doors serve.</summary>
public sealed class KeptDocuments(RunningDoors doors)
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("clients")]
    [InlineData("admin")]
    public async Task The_kept_document_is_the_one_that_is_served(string name)
    {
        var served = await doors.Door(name).GetStringAsync("openapi/v1.json", Cancel);
        var kept = File.Exists(Contract.FileOf(name)) ? await File.ReadAllTextAsync(Contract.FileOf(name), Cancel) : "";
        Assert.True(served == kept, $"docs/openapi/{name}.json is not what the running door serves; './im docs' writes both documents anew");
    }

    [Fact]
    public async Task Each_door_lists_only_its_own_routes()
    {
        foreach (var (name, prefix) in (ReadOnlySpan<(string, string)>)[("clients", "/v1/"), ("admin", "/admin/v1/")])
        {
            var contract = Contract.Kept(name);
            Assert.All(contract.Operations, operation => Assert.True(
                operation.Path.StartsWith(prefix, StringComparison.Ordinal) || operation.Path.StartsWith("/healthz/", StringComparison.Ordinal), operation.Path));
            Assert.True(contract.Operations.Count > 5);
        }

        using var page = await doors.Clients.GetAsync("docs/index.html", Cancel);
        Assert.True(page.IsSuccessStatusCode);
    }

    [Theory]
    [InlineData("clients")]
    [InlineData("admin")]
    public async Task The_page_is_served_whole_from_the_door_itself(string name)
    {
        var door = doors.Door(name);
        var page = await door.GetStringAsync("docs/index.html", Cancel);
        Assert.DoesNotContain("http://", page, StringComparison.Ordinal);
        Assert.DoesNotContain("https://", page, StringComparison.Ordinal);
        foreach (var file in (string[])["swagger-ui.css", "index.css", "swagger-ui-bundle.js", "swagger-ui-standalone-preset.js", "index.js"])
        {
            Assert.Contains(file, page, StringComparison.Ordinal);
            using var answer = await door.GetAsync($"docs/{file}", Cancel);
            Assert.Equal(200, (int)answer.StatusCode);
            var policy = string.Join(' ', answer.Headers.GetValues("Content-Security-Policy"));
            Assert.Contains("default-src 'none'; script-src 'self';", policy, StringComparison.Ordinal);
        }
    }
}
