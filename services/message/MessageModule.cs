using Im.Contracts;
using Im.Hosting;
using Im.Hosting.Bus;
using Im.Hosting.Nodes;
using Im.Hosting.Settings;
using Im.Hosting.Storage;
using Im.Hosting.Telemetry;
using Im.Message.Audit;
using Im.Message.Commit;
using Im.Message.Cursors;
using Im.Message.Delivery;
using Im.Message.Hints;
using Im.Message.Log;
using Im.Message.Shards;
using Im.Message.Typing;
using Microsoft.Extensions.Options;

namespace Im.Message;

/// <summary>Stores and orders messages, then pushes them to the gateways of who is online. Way of a batch: ShardKeeper → GroupCommit → Dispatcher;
/// of receipts and typing: a consumer → HintSender. Beside it LogCheck walks the log.</summary>
public sealed class MessageModule : IImModule
{
    public string Name => "message";

    public Door Door => Door.None;

    public void AddServices(IHostApplicationBuilder builder)
    {
        var services = builder.Services;
        services.AddSettings<MessageOptions>(MessageOptions.Section);
        services.AddSingleton<IMessageLog>(provider => provider.GetRequiredService<Database>() switch
        {
            PostgresDatabase postgres => new PostgresMessageLog(postgres),
            SqliteDatabase sqlite => new SqliteMessageLog(sqlite),
            var other => throw new InvalidOperationException($"no log for {other.GetType().Name}"),
        });
        services.AddSingleton<Dispatcher>();
        services.AddHostedService(provider => provider.GetRequiredService<Dispatcher>());
        services.AddSingleton<GroupCommit>();
        services.AddHostedService(provider => provider.GetRequiredService<GroupCommit>());
        services.AddSingleton<HintSender>();
        services.AddHostedService(provider => provider.GetRequiredService<HintSender>());
        services.AddSingleton<ShardsHeld>();
        services.AddSingleton<INodeDetails>(provider => provider.GetRequiredService<ShardsHeld>());
        services.AddHostedService<ShardKeeper>();
        services.AddSingleton<LogCheckStore>();
        services.AddSingleton<LogCheck>();
        services.AddHostedService(provider => provider.GetRequiredService<LogCheck>());
        services.AddQueueGauge<GroupCommit>("commit", commit => commit.Waiting);
        services.AddQueueGauge<Dispatcher>("dispatch", dispatcher => dispatcher.Waiting);
        services.AddQueueGauge<Dispatcher>("settle", dispatcher => dispatcher.Settling);
        services.AddQueueGauge<HintSender>("hints", hints => hints.Waiting);
        services.AddGauge<IOptions<ImOptions>>(ImMetrics.Shards, null, system => system.Value.Shards);
        services.AddGauge<ShardsHeld>(ImMetrics.ShardsHeld, null, held => held.Count);
        services.AddGauge<LogCheck>(ImMetrics.LogGaps, null, check => check.Gaps);
    }

    public IEnumerable<BusEndpoint> Endpoints(NodeIdentity node) =>
    [
        BusEndpoint.Shared(Topology.CursorQueue, typeof(ReportCursorsConsumer)),
        BusEndpoint.Shared(Topology.TypingQueue, typeof(ReportTypingConsumer)),
    ];

    public void Map(IEndpointRouteBuilder routes)
    {
    }
}
