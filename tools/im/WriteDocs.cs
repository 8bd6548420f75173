using Im.Local;

namespace Im.Tool;

/// <summary>'im docs': writes docs/openapi anew from what a process with all doors serves.</summary>
internal static class WriteDocs
{
    public static async Task<int> RunAsync(CancellationToken cancel)
    {
        var directory = TestInstances.Create("docs");
        try
        {
            await using var running = await Standalone.StartAsync(directory, cancel: cancel);
            using var http = new HttpClient(new SocketsHttpHandler { UseProxy = false });
            await WriteAsync(http, running.GatewayUrl, "clients", cancel);
            await WriteAsync(http, running.AdminUrl, "admin", cancel);
        }
        finally
        {
            Directory.Delete(directory, recursive: true);
        }

        return 0;
    }

    private static async Task WriteAsync(HttpClient http, Uri door, string name, CancellationToken cancel)
    {
        var path = Path.Combine(SolutionBinaries.Root, "docs", "openapi", $"{name}.json");
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        await File.WriteAllTextAsync(path, await http.GetStringAsync(new Uri(door, "openapi/v1.json"), cancel), cancel);
        Console.WriteLine(Path.GetRelativePath(SolutionBinaries.Root, path));
    }
}
