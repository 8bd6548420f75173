using Im.Hosting.Health;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Im.Hosting.Storage;

/// <summary>
/// Brings the database to this version, or waits until somebody has, and checks what is fixed for life, as soon as the database answers: a host starts without it.
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
        var schema = new StorageSchema(database, options.Value.Shards);
        var saidMissing = false;
        while (true)
        {
            try
            {
                // That the database answers is the node board's to say: who is ready knows the others.
                _ready.SetResult(options.Value.MigrateAtStart ? await schema.InstallAsync(withRights: false, stoppingToken) : await schema.ReadAsync(stoppingToken));
                return;
            }
            catch (WrongShardsException fault)
            {
                LogCannotStart(fault.Message);
                Environment.ExitCode = 1;
                lifetime.StopApplication();
                return;
            }
            catch (Exception fault) when (fault is not OperationCanceledException || !stoppingToken.IsCancellationRequested)
            {
                // By itself and once: of a database that was away before only the first reason is told.
                if (fault is SchemaMissingException && !saidMissing) LogWaiting(fault.Message);
                saidMissing |= fault is SchemaMissingException;
                dependencies.Report(Dependency.Database, false, fault.Message);
                await Task.Delay(TimeSpan.FromMilliseconds(500), time, stoppingToken);
            }
        }
    }

    [LoggerMessage(EventId = 1, Level = LogLevel.Critical, Message = "{Reason}")]
    private partial void LogCannotStart(string reason);

    [LoggerMessage(EventId = 2, Level = LogLevel.Warning, Message = "waiting: {Reason}")]
    private partial void LogWaiting(string reason);
}
