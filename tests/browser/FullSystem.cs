using Im.Local;

namespace Im.Browser.Tests;

/// <summary>The real system with a process per service and two gateways, as <c>./im up full</c> starts it.</summary>
public sealed class FullSystem : IAsyncLifetime
{
    private readonly string _directory = TestInstances.Create("browser-full");
    private FullCluster? _running;

    public IReadOnlyList<Uri> Gateways => [.. _running!.GatewayUrls];

    public ManagedProcess FirstGateway => _running!["gateway-1"];

    public async ValueTask InitializeAsync()
    {
        var cancel = TestContext.Current.CancellationToken;
        _running = await FullCluster.StartAsync(new() { Directory = _directory }, cancel);
        foreach (var gateway in Gateways) await FirstRequests.AnsweredAsync(gateway, cancel);
    }

    public async ValueTask DisposeAsync()
    {
        if (_running is not null) await _running.DisposeAsync();
        Directory.Delete(_directory, recursive: true);
    }
}
