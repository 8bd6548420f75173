using Im.Gateway.Cursors;
using Im.Gateway.Inbound;
using Im.Gateway.Log;
using Im.Gateway.Presence;
using Im.Gateway.Sessions;
using Im.Gateway.Typing;
using Im.Hosting.Nodes;
using Im.Hosting.Storage;
using Im.Hosting.Telemetry;
using Microsoft.Extensions.Options;

namespace Im.Gateway.Connections;

/// <summary>What every connection of the gateway shares.</summary>
public sealed partial class ConnectionServices(
    ConnectionRegistry registry,
    SessionGuard sessions,
    RouteKeeper routes,
    Submitter submitter,
    LogReader log,
    Database database,
    CursorReporter cursors,
    PresenceReporter presence,
    PresenceWatches watches,
    TypingReporter typing,
    FreezeGuard freezes,
    NodeBoard board,
    StorageState storage,
    ImTracing tracing,
    ImMetrics metrics,
    NodeLedger ledger,
    EndedConnections ended,
    IHostEnvironment environment,
    IOptions<GatewayOptions> options,
    TimeProvider time,
    ILogger<ConnectionServices> logger)
{
    public ConnectionRegistry Registry { get; } = registry;

    public SessionGuard Sessions { get; } = sessions;

    public RouteKeeper Routes { get; } = routes;

    public Submitter Submitter { get; } = submitter;

    public LogReader Log { get; } = log;

    public CursorReporter Cursors { get; } = cursors;

    public PresenceReporter Presence { get; } = presence;

    public PresenceWatches Watches { get; } = watches;

    public TypingReporter Typing { get; } = typing;

    public FreezeGuard Freezes { get; } = freezes;

    public NodeBoard Board { get; } = board;

    public StorageState Storage { get; } = storage;

    public ImTracing Tracing { get; } = tracing;

    public ImMetrics Metrics { get; } = metrics;

    public NodeLedger Ledger { get; } = ledger;

    public EndedConnections Ended { get; } = ended;

    public GatewayOptions Options { get; } = options.Value;

    public TimeProvider Time { get; } = time;

    /// <summary>Development knows no limit on rates: load tools and tests run there.</summary>
    public bool LimitRates { get; } = !environment.IsDevelopment();

    /// <summary>Silence after which a client counts as gone.</summary>
    public TimeSpan HeartbeatLimit { get; } = TimeSpan.FromSeconds(options.Value.HeartbeatSeconds * 2.5);

    /// <summary>
    /// Reads of the log for connections at once on this gateway. One of SQLite keeps its thread until it is done: as many as there are cores would leave none for the sockets, and of
    /// thousands who come back at once none would be heard for seconds (seen).
    /// </summary>
    public SemaphoreSlim ReadSlots { get; } =
        new(database is SqliteDatabase ? Math.Clamp(Environment.ProcessorCount / 2, 1, options.Value.ParallelReads) : options.Value.ParallelReads);

    /// <summary>Hellos whose session is looked up at once on this gateway.</summary>
    public SemaphoreSlim HelloTurns { get; } = new(options.Value.ParallelHellos);

    /// <summary>The database is away; the board says it once, this tells of the single read.</summary>
    public void ReadFailed(Exception fault) => LogReadFailed(fault.Message);

    public void ReplayFailed(Exception fault) => LogReplayFailed(fault);

    [LoggerMessage(EventId = 1, Level = LogLevel.Debug, Message = "a read of the log failed and is tried again: {Reason}")]
    private partial void LogReadFailed(string reason);

    [LoggerMessage(EventId = 2, Level = LogLevel.Error, Message = "a replay failed, its connection closes and comes back")]
    private partial void LogReplayFailed(Exception fault);
}
