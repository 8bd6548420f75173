using Im.Contracts;
using Im.Hosting;
using Im.Hosting.Bus;
using Im.Hosting.Settings;
using Im.Hosting.Telemetry;
using Im.Presence.Board;
using Im.Presence.Seen;
using Microsoft.AspNetCore.Routing;

namespace Im.Presence;

/// <summary>Who is here: derived from the routes, published when it changes, remembered as last seen when it ends. Any number of instances.</summary>
public sealed class PresenceModule : IImModule
{
    public string Name => "presence";

    public Door Door => Door.None;

    public void AddServices(IHostApplicationBuilder builder)
    {
        var options = SettingRules.Read<ImOptions>(builder.Configuration, ImOptions.Section);
        if (options.Redis is { Length: > 0 }) builder.Services.AddSingleton<IPresenceBoard, RedisPresenceBoard>();
        else builder.Services.AddSingleton<IPresenceBoard, MemoryPresenceBoard>();
        builder.Services.AddSingleton<BeatGate>();
        builder.Services.AddSingleton<LastSeenTable>();
        builder.Services.AddSingleton<LastSeenWriter>();
        builder.Services.AddQueueGauge<LastSeenWriter>("last_seen", seen => seen.Waiting);
        builder.Services.AddSingleton<PresenceRefresh>();
        builder.Services.AddHostedService<PresenceRounds>();
    }

    public IEnumerable<BusEndpoint> Endpoints(NodeIdentity node) =>
        [BusEndpoint.Shared(Topology.PresenceQueue, typeof(ReportPresenceConsumer), typeof(GetPresenceConsumer))];

    public void Map(IEndpointRouteBuilder routes)
    {
        // Presence is reached over the bus alone.
    }
}
