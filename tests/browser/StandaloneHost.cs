using Im.Local;

namespace Im.Browser.Tests;

/// <summary>The real system in one process, as <c>./im up</c> starts it.</summary>
public sealed class StandaloneHost : IAsyncLifetime
{
    private readonly string _directory = TestInstances.Create("browser");
    private Standalone? _running;

    public IReadOnlyList<Uri> Gateways => [_running!.GatewayUrl];

    public async ValueTask InitializeAsync()
    {
        var cancel = TestContext.Current.CancellationToken;
        _running = await Standalone.StartAsync(_directory, cancel: cancel);
        await FirstRequests.AnsweredAsync(_running.GatewayUrl, cancel);
    }

    public async ValueTask DisposeAsync()
    {
        if (_running is not null) await _running.DisposeAsync();
        Directory.Delete(_directory, recursive: true);
    }
}
