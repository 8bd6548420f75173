using System.Threading.Channels;
using Im.Contracts;
using Im.Contracts.Messages;
using Im.Hosting;
using Im.Hosting.Bus;
using MassTransit;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Im.Presence.Tests;

/// <summary>Watches everybody, as gateways do.</summary>
internal sealed class Watcher : IImModule
{
    public Channel<PresenceState> States { get; } = Channel.CreateUnbounded<PresenceState>();

    public string Name => "watcher";

    public Door Door => Door.None;

    public void AddServices(IHostApplicationBuilder builder)
    {
        builder.Services.AddSingleton(States);
        // A test may stop one service of the host by itself, which the host would take for a fault of it and stop too.
        builder.Services.Configure<HostOptions>(host => host.BackgroundServiceExceptionBehavior = BackgroundServiceExceptionBehavior.Ignore);
    }

    public IEnumerable<BusEndpoint> Endpoints(NodeIdentity node) => [BusEndpoint.OfNode(Topology.GatewayEventQueue(node.Boot), typeof(Consumer))];

    public void Map(IEndpointRouteBuilder routes)
    {
        // It has no door.
    }

    private sealed class Consumer(Channel<PresenceState> states) : IConsumer<PresenceChanged>
    {
        public async Task Consume(ConsumeContext<PresenceChanged> context)
        {
            foreach (var state in context.Message.States) await states.Writer.WriteAsync(state, context.CancellationToken);
        }
    }
}
