using System.Globalization;
using System.Reflection;
using Dapper;
using Im.Contracts;
using Im.Hosting.Health;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Im.Hosting.Storage;

/// <summary>
/// Brings the database to this version and checks what is fixed for life, as soon as the database answers: a host starts without it and waits.
/// </summary>
public sealed partial class StorageState(
    Database database, IOptions<ImOptions> options, Dependencies dependencies, IHostApplicationLifetime lifetime, TimeProvider time, ILogger<StorageState> log)
    : BackgroundService
{
    private readonly TaskCompletionSource<string> _ready = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Completes with the id of the log once the database can be used.</summary>
    public Task<string> Ready => _ready.Task;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (true)
        {
            try
            {
                await database.MigrateAsync(Scripts(), stoppingToken);
                var shards = await SettleAsync("shards", options.Value.Shards.ToString(CultureInfo.InvariantCulture), stoppingToken);
                if (shards != options.Value.Shards.ToString(CultureInfo.InvariantCulture))
                {
                    LogWrongShards(shards, options.Value.Shards);
                    Environment.ExitCode = 1;
                    lifetime.StopApplication();
                    return;
                }

                await AddSystemUserAsync(stoppingToken);
                // That the database answers is the node board's to say: who is ready knows the others.
                _ready.SetResult(await SettleAsync("log", Guid.NewGuid().ToString("N"), stoppingToken));
                return;
            }
            catch (Exception fault) when (fault is not OperationCanceledException || !stoppingToken.IsCancellationRequested)
            {
                dependencies.Report(Dependency.Database, false, fault.Message);
                await Task.Delay(TimeSpan.FromMilliseconds(500), time, stoppingToken);
            }
        }
    }

    /// <summary>The first process writes the value, all others read it.</summary>
    private Task<string> SettleAsync(string name, string value, CancellationToken cancel) => database.WriteAsync(
        async connection =>
        {
            await connection.ExecuteAsync("INSERT INTO settings (name, value) VALUES (@name, @value) ON CONFLICT DO NOTHING", new { name, value });
            return await connection.QuerySingleAsync<string>("SELECT value FROM settings WHERE name = @name", new { name });
        },
        cancel);

    private Task<int> AddSystemUserAsync(CancellationToken cancel) => database.WriteAsync(
        connection => connection.ExecuteAsync(
            """
            INSERT INTO accounts (user_id, username, username_key, password_hash, disabled, created_at)
            VALUES (@id, 'system', 'system', NULL, @no, 0) ON CONFLICT DO NOTHING
            """,
            new { id = Ids.SystemUser, no = false }),
        cancel);

    internal static List<(string Name, string Sql)> Scripts()
    {
        var assembly = Assembly.GetExecutingAssembly();
        var scripts = new List<(string, string)>();
        foreach (var name in assembly.GetManifestResourceNames().Where(name => name.StartsWith("schema/", StringComparison.Ordinal)).Order())
        {
            using var reader = new StreamReader(assembly.GetManifestResourceStream(name)!);
            scripts.Add((name, reader.ReadToEnd()));
        }

        return scripts;
    }

    [LoggerMessage(EventId = 1, Level = LogLevel.Critical,
        Message = "the database was set up with {Stored} shards, this process is configured with {Configured}: the number is fixed for life. Set Im:Shards")]
    private partial void LogWrongShards(string stored, int configured);
}
