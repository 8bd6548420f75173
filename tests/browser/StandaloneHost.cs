using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;

namespace Im.Browser.Tests;

/// <summary>
/// The real standalone host, as it was built for release, on free ports of loopback and a database of its own.
/// It is ready when the fixture is, and gone with its files when the fixture is disposed.
/// </summary>
public sealed class StandaloneHost : IAsyncLifetime
{
    private static readonly TimeSpan ReadyLimit = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan PollEvery = TimeSpan.FromMilliseconds(100);

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("im-browser-");
    private Process? _process;

    public Uri Gateway { get; } = new($"http://127.0.0.1:{FreePort()}");

    public async ValueTask InitializeAsync()
    {
        var host = Path.Combine(Repository.Root, "services", "standalone", "bin", "Release", "net10.0", "Im.Standalone.dll");
        Assert.True(File.Exists(host), "The standalone host is not built: run dotnet build -c Release first.");
        ProcessStartInfo start = new("dotnet", [host]) { WorkingDirectory = _folder.FullName };
        start.Environment["ASPNETCORE_ENVIRONMENT"] = "Development";
        start.Environment["Im__Gateway__Listen"] = Gateway.GetLeftPart(UriPartial.Authority);
        start.Environment["Im__Admin__Listen"] = $"http://127.0.0.1:{FreePort()}";
        start.Environment["Im__Admin__Key"] = RandomNumberGenerator.GetHexString(32);
        start.Environment["Im__Database"] = $"Data Source={Path.Combine(_folder.FullName, "im.db")}";
        _process = Process.Start(start);
        try
        {
            await WaitUntilReadyAsync(TestContext.Current.CancellationToken);
        }
        catch
        {
            // Nobody disposes a fixture that did not come up.
            await DisposeAsync();
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (_process is { } process)
        {
            process.Kill(entireProcessTree: true);
            await process.WaitForExitAsync();
            process.Dispose();
        }
        _folder.Delete(recursive: true);
    }

    private async Task WaitUntilReadyAsync(CancellationToken cancellation)
    {
        using HttpClient http = new() { BaseAddress = Gateway };
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        limit.CancelAfter(ReadyLimit);
        using PeriodicTimer timer = new(PollEvery);
        while (!await IsReadyAsync(http, limit.Token))
        {
            Assert.False(_process!.HasExited, "The standalone host ended before it was ready.");
            await timer.WaitForNextTickAsync(limit.Token);
        }
    }

    private static async Task<bool> IsReadyAsync(HttpClient http, CancellationToken cancellation)
    {
        try
        {
            using var answer = await http.GetAsync(new Uri("/healthz/ready", UriKind.Relative), cancellation);
            return answer.IsSuccessStatusCode;
        }
        catch (HttpRequestException)
        {
            // Nobody listens yet.
            return false;
        }
    }

    private static int FreePort()
    {
        using TcpListener listener = new(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
