using Im.Local;

namespace Im.Tool.Tests;

/// <summary>A system to chat through, for the tests of one class.</summary>
public sealed class RunningStandalone : IAsyncLifetime
{
    private readonly string _directory = TestInstances.Create("chat");
    private Standalone? _system;

    public string Address => _system!.GatewayUrl.ToString();

    public async ValueTask InitializeAsync()
    {
        _system = await Standalone.StartAsync(_directory);
        await FirstRequests.AnsweredAsync(_system.GatewayUrl);
    }

    public async ValueTask DisposeAsync()
    {
        if (_system is not null) await _system.DisposeAsync();
        Directory.Delete(_directory, recursive: true);
    }
}
