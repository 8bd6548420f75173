using System.Text.Json;
using Dapper;
using Im.Hosting.Health;
using Im.Hosting.Storage;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Im.Hosting.Nodes;

/// <summary>
/// A running instance, as it said of itself. Filled by property: a column that is NULL has no type in SQLite, so no constructor could be chosen by the
/// columns' types.
/// </summary>
public sealed record Node
{
    public string Boot { get; init; } = "";

    public string Name { get; init; } = "";

    /// <summary>The modules of the process, with commas.</summary>
    public string Services { get; init; } = "";

    public long StartedAt { get; init; }

    public long LastSeenAt { get; init; }

    /// <summary>Only gateways.</summary>
    public long? Connections { get; init; }

    /// <summary>Only message services: the numbers of the shards it orders, with commas.</summary>
    public string? Shards { get; init; }

    /// <summary>Only gateways: base address for clients, as http://127.0.0.1:8080.</summary>
    public string? Url { get; init; }

    public string Version { get; init; } = "";

    /// <summary>The node's <see cref="NodeFigures"/> as JSON; null where it is of an older version.</summary>
    public string? Ledger { get; init; }

    public NodeFigures? Figures => Ledger is null ? null : JsonSerializer.Deserialize<NodeFigures>(Ledger);

    public bool Runs(string service) => Services.Split(',').Contains(service);
}

/// <summary>What a module adds to the node's own row.</summary>
public interface INodeDetails
{
    int? Connections => null;

    string? Shards => null;

    string? Url => null;

    string? Ledger => null;
}

/// <summary>
/// Who is running: each node writes its own row once a second and reads the others', by the database's clock. While the database is away the last
/// known board stands: nobody is declared dead for our own blindness.
/// </summary>
public sealed partial class NodeBoard(
    Database database, StorageState storage, NodeIdentity self, IEnumerable<INodeDetails> details, Dependencies dependencies, TimeProvider time, ILogger<NodeBoard> log)
    : BackgroundService
{
    /// <summary>Between two beats.</summary>
    public static readonly TimeSpan Beat = TimeSpan.FromSeconds(1);

    /// <summary>A node that was silent for so long is not counted on any more: four beats, so that one slow commit kills nobody.</summary>
    public static readonly TimeSpan Silence = TimeSpan.FromSeconds(4);

    private readonly TaskCompletionSource _known = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private volatile IReadOnlyList<Node> _nodes = [];

    /// <summary>All running nodes, this one included, sorted by boot id.</summary>
    public IReadOnlyList<Node> Nodes => _nodes;

    /// <summary>Completes when the board was read for the first time.</summary>
    public Task Known => _known.Task;

    /// <summary>After each reading.</summary>
    public event Action? Changed;

    public IEnumerable<Node> Running(string service) => _nodes.Where(node => node.Runs(service));

    /// <summary>Addresses of the gateways, fewest connections first.</summary>
    public IReadOnlyList<string> Gateways =>
        [.. Running("gateway").Where(node => node.Url is not null).OrderBy(node => node.Connections).ThenBy(node => node.Boot).Select(node => node.Url!).Distinct()];

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        dependencies.Expect(Dependency.Database);
        await storage.Ready.WaitAsync(stoppingToken);
        using var timer = new PeriodicTimer(Beat, time);
        do
        {
            try
            {
                await BeatAsync(stoppingToken);
                _nodes = await ReadAsync(stoppingToken);
                dependencies.Report(Dependency.Database, true);
                _known.TrySetResult();
                Changed?.Invoke();
            }
            catch (Exception fault) when (fault is not OperationCanceledException || !stoppingToken.IsCancellationRequested)
            {
                dependencies.Report(Dependency.Database, false, fault.Message);
            }
        }
        while (await timer.WaitForNextTickAsync(stoppingToken));
    }

    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        try
        {
            await database.WriteAsync(
                connection => connection.ExecuteAsync("DELETE FROM nodes WHERE boot = @Boot", new { self.Boot }), cancellationToken);
        }
        catch (Exception fault)
        {
            // The row goes stale by itself in a few seconds; the others only learn of it later.
            LogRowLeft(fault.Message);
        }
    }

    private Task<int> BeatAsync(CancellationToken cancel) => database.WriteAsync(
        connection => connection.ExecuteAsync(new CommandDefinition(
            $"""
            INSERT INTO nodes (boot, name, services, started_at, last_seen_at, connections, shards, url, version, ledger)
            VALUES (@Boot, @Name, @services, @startedAt, {database.Now}, @connections, @shards, @url, @Version, @ledger)
            ON CONFLICT (boot) DO UPDATE
            SET last_seen_at = excluded.last_seen_at, connections = excluded.connections, shards = excluded.shards, ledger = excluded.ledger
            """,
            new
            {
                self.Boot,
                self.Name,
                services = string.Join(',', self.Services),
                startedAt = self.StartedAt.ToUnixTimeMilliseconds(),
                connections = details.Select(one => one.Connections).FirstOrDefault(one => one is not null),
                shards = details.Select(one => one.Shards).FirstOrDefault(one => one is not null),
                url = details.Select(one => one.Url).FirstOrDefault(one => one is not null),
                Version = ImVersion.Text,
                ledger = details.Select(one => one.Ledger).FirstOrDefault(one => one is not null),
            },
            cancellationToken: cancel)),
        cancel);

    private async Task<IReadOnlyList<Node>> ReadAsync(CancellationToken cancel)
    {
        await using var connection = await database.OpenAsync(cancel);
        var rows = await connection.RowsAsync<Node>(new CommandDefinition(
            $"""
            SELECT boot AS Boot, name AS Name, services AS Services, started_at AS StartedAt, last_seen_at AS LastSeenAt,
                   connections AS Connections, shards AS Shards, url AS Url, version AS Version, ledger AS Ledger
            FROM nodes WHERE last_seen_at > {database.Now} - @silence ORDER BY boot
            """,
            new { silence = (long)Silence.TotalMilliseconds },
            cancellationToken: cancel));
        return [.. rows];
    }

    [LoggerMessage(EventId = 1, Level = LogLevel.Information, Message = "the node's row stays on the board until it goes stale: {Reason}")]
    private partial void LogRowLeft(string reason);
}
