using Im.Contracts;
using Im.Gateway.Api;
using Im.Gateway.Api.Docs;
using Im.Gateway.Connections;
using Im.Gateway.Contacts;
using Im.Gateway.Cursors;
using Im.Gateway.Inbound;
using Im.Gateway.Journeys;
using Im.Gateway.Log;
using Im.Gateway.Outbound;
using Im.Gateway.Presence;
using Im.Gateway.Sessions;
using Im.Gateway.Typing;
using Im.Hosting;
using Im.Hosting.Bus;
using Im.Hosting.Docs;
using Im.Hosting.Lanes;
using Im.Hosting.Nodes;
using Im.Hosting.Sessions;
using Im.Hosting.Settings;
using Im.Hosting.Telemetry;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Options;

namespace Im.Gateway;

/// <summary>The door for clients. Way in: SocketDoor → ClientConnection → Submitter. Way out: NodeInbox → DeliveryHandler → ClientConnection.</summary>
public sealed class GatewayModule : IImModule
{
    public string Name => "gateway";

    public Door Door => Door.Clients;

    public ApiDocument Api => ClientsApi.Document;

    public void AddServices(IHostApplicationBuilder builder)
    {
        var services = builder.Services;
        services.AddSettings<GatewayOptions>(GatewayOptions.Section);
        services.AddSingleton<IValidateOptions<GatewayOptions>, GatewayOptionsRules>();
        services.AddTrustedProxies();
        services.AddSingleton<CallLimits>();
        services.AddCors();
        services.AddSingleton<IStartupFilter, PageOrigins>();
        services.AddSingleton<LogReader>();
        services.AddSingleton<ConversationReader>();
        services.AddSingleton<BlockReader>();
        services.AddSingleton<SessionReader>();
        services.AddSingleton<ContactReader>();
        services.AddSingleton<ConnectionRegistry>();
        services.AddSingleton<INodeDetails>(provider => provider.GetRequiredService<ConnectionRegistry>());
        services.AddSingleton<EndedConnections>();
        services.AddSingleton<IEnvelopeHandler, DeliveryHandler>();
        services.AddSingleton<ConnectionServices>();
        services.AddSingleton<SocketDoor>();
        services.AddSingleton<ConnectionGate>();
        services.AddSingleton<IMemoryPoolFactory<byte>, SocketBlocks.Factory>();
        services.AddOptions<KestrelServerOptions>().Configure<ConnectionGate>((kestrel, gate) =>
            kestrel.ConfigureEndpointDefaults(listen => listen.Use(next => connection => gate.PassAsync(connection, next))));
        AddRunning<FreezeGuard>(services);
        services.AddSingleton<SubmitLanes>();
        AddRunning<Submitter>(services);
        AddRunning<SessionGuard>(services);
        AddRunning<CursorReporter>(services);
        AddRunning<PresenceReporter>(services);
        AddRunning<PresenceWatches>(services);
        AddRunning<TypingReporter>(services);
        AddRunning<ContactNews>(services);
        AddRunning<RouteKeeper>(services);
        AddRunning<Reconciler>(services);
        AddRunning<ConnectionTicker>(services);
        services.AddHostedService<MemoryReturn>();
        services.AddGauge<ConnectionRegistry>(ImMetrics.Connections, null, registry => registry.Connections ?? 0);
        services.AddGauge<IOptions<GatewayOptions>>(ImMetrics.ConnectionLimit, null, options => options.Value.MaxConnections);
        services.AddGauge<SocketDoor>(ImMetrics.FullConnections, null, door => door.Full);
        services.AddGauge<Reconciler>(ImMetrics.OnlineWaiting, "unsent", reconciler => reconciler.SecondsUnsent);
        services.AddGauge<Reconciler>(ImMetrics.OnlineWaiting, "unacknowledged", reconciler => reconciler.SecondsUnacknowledged);
        services.AddQueueGauge<Submitter>("submit", submitter => submitter.Waiting);
        services.AddQueueGauge<CursorReporter>("cursors", cursors => cursors.Waiting);
        services.AddQueueGauge<PresenceReporter>("presence_reports", presence => presence.Waiting);
        services.AddQueueGauge<PresenceWatches>("presence_watches", watches => watches.Waiting);
        services.AddQueueGauge<TypingReporter>("typing_reports", typing => typing.Waiting);
        services.AddQueueGauge<ContactNews>("contact_news", news => news.Waiting);
        services.AddQueueGauge<RouteKeeper>("route_removals", routes => routes.Waiting);
    }

    public IEnumerable<BusEndpoint> Endpoints(NodeIdentity node) =>
        [BusEndpoint.OfNode(Topology.GatewayEventQueue(node.Boot), typeof(SessionGuard), typeof(PresenceWatches), typeof(ContactNews), typeof(LocateMessageConsumer))];

    public void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/v1/ws", (HttpContext http, SocketDoor door) => door.EnterAsync(http)).Describe(SocketDocs.Connect);
        routes.MapUsers();
        routes.MapSessions();
        routes.MapContacts();
        routes.MapConversations();
        routes.MapBlocks();
        routes.MapWebPage();
    }

    private static void AddRunning<T>(IServiceCollection services)
        where T : class, IHostedService
    {
        services.AddSingleton<T>();
        services.AddHostedService(provider => provider.GetRequiredService<T>());
    }
}
