using Im.Contracts.Messages;
using Im.Hosting.Bus;
using MassTransit;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Hosting;

namespace Im.Hosting.Tests.Tls;

/// <summary>A service with a queue of its own on the bus.</summary>
internal sealed class AskedModule : IImModule
{
    public string Name => "asked";

    public Door Door => Door.None;

    public void AddServices(IHostApplicationBuilder builder)
    {
        // It needs none.
    }

    public IEnumerable<BusEndpoint> Endpoints(NodeIdentity node) => [BusEndpoint.OfNode("im.tls-test", typeof(Consumer))];

    public void Map(IEndpointRouteBuilder routes)
    {
        // It has no door.
    }

    private sealed class Consumer : IConsumer<GetProfile>
    {
        public Task Consume(ConsumeContext<GetProfile> context) => Task.CompletedTask;
    }
}
