using Im.Chaos.Systems;
using Im.Chaos.Wires;

namespace Im.Chaos.Scenarios;

/// <summary>One gateway is cut off from a server, or from its clients: both ways, then each way alone. Nothing is closed, so nobody is told.</summary>
/// <param name="from">A server, or <see cref="ChaosSystem.Clients"/>.</param>
public sealed class GatewayCutOff(string from) : IScenario
{
    private static readonly (Flow Flow, int Seconds)[] Cuts = [(Flow.Both, 20), (Flow.Forward, 15), (Flow.Back, 15)];

    public string Name => $"cut-from-{from}";

    public string About => $"a gateway cut off from {(from == ChaosSystem.Clients ? "its clients" : from)} for 20 s, and for 15 s in each direction alone";

    public TimeSpan Length => TimeSpan.FromSeconds(75);

    public async Task RunAsync(Stage stage, CancellationToken cancel)
    {
        var gateway = stage.AnyOf("gateway-1", "gateway-2");
        var wire = from == ChaosSystem.Clients ? stage.System.Wire(from, gateway.Name) : stage.System.Wire(gateway.Name, from);
        foreach (var (flow, seconds) in Cuts)
        {
            if (flow != Flow.Both) await stage.PauseAsync(stage.Seconds(10, 15), cancel);
            await stage.CutAsync(wire, flow, TimeSpan.FromSeconds(seconds), gateway, cancel);
        }
    }
}
