using Im.Contracts;
using Im.Hosting;
using Im.Hosting.Bus;
using Im.Hosting.Settings;
using Im.Session.Consumers;
using Microsoft.Extensions.Options;

namespace Im.Session;

/// <summary>Sessions and devices: the only writer of both. What it answers is committed.</summary>
public sealed class SessionModule : IImModule
{
    public string Name => "session";

    public Door Door => Door.None;

    public void AddServices(IHostApplicationBuilder builder)
    {
        builder.Services.AddSettings<SessionOptions>(SessionOptions.Section);
        builder.Services.AddSingleton<IValidateOptions<SessionOptions>, SessionOptionsRules>();
        builder.Services.AddSingleton<SessionStore>();
        builder.Services.AddSingleton<SessionEvents>();
    }

    public IEnumerable<BusEndpoint> Endpoints(NodeIdentity node) =>
    [
        BusEndpoint.Shared(
            Topology.SessionQueue,
            typeof(OpenSessionConsumer), typeof(ListSessionsConsumer), typeof(EndSessionsConsumer), typeof(SessionsUsedConsumer)),
    ];

    public void Map(IEndpointRouteBuilder routes)
    {
    }
}
