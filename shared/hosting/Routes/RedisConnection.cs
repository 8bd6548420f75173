using System.Reflection;
using Im.Hosting.Health;
using Im.Hosting.Tls;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using StackExchange.Redis;

namespace Im.Hosting.Routes;

/// <summary>
/// The one multiplexer of the process. While Redis is away every call fails at once instead of queueing up: the callers do without it. A multiplexer
/// whose pings fail for 5 s is replaced by a new one, for a half-open socket can fool it for a quarter of an hour.
/// </summary>
public sealed partial class RedisConnection(
    IOptions<ImOptions> options, Dependencies dependencies, ServerTrust trust, TimeProvider time, ILogger<RedisConnection> log)
    : BackgroundService
{
    private static readonly TimeSpan CallLimit = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan RebuildAfter = TimeSpan.FromSeconds(5);
    private volatile ConnectionMultiplexer? _multiplexer;
    private volatile bool _up;
    private volatile string? _refused;

    /// <summary>Raised when Redis answers again.</summary>
    public event Action? Restored;

    /// <exception cref="RoutesUnavailableException">Redis is away, or did not answer within 1 s.</exception>
    public async Task<T> RunAsync<T>(Func<IDatabase, Task<T>> call, CancellationToken cancel)
    {
        var multiplexer = _multiplexer;
        if (!_up || multiplexer is null) throw new RoutesUnavailableException("Redis does not answer");
        try
        {
            return await call(multiplexer.GetDatabase()).WaitAsync(CallLimit, cancel);
        }
        catch (Exception fault) when (fault is RedisException or TimeoutException or ObjectDisposedException
            || (fault is OperationCanceledException && !cancel.IsCancellationRequested))
        {
            // The last: a multiplexer that is replaced cancels what waits for it.
            if (fault is RedisServerException) SayRefused(fault.Message);
            throw new RoutesUnavailableException("Redis does not answer", fault);
        }
    }

    /// <summary>It answers, but not this: a right that the user of this service lacks, a follower that may not be written to. Once for each, not for each call.</summary>
    private void SayRefused(string reason)
    {
        if (_refused == reason) return;
        _refused = reason;
        LogRefused(reason);
    }

    /// <summary>A script kept beside this code.</summary>
    internal static string Script(string name) => Script(name, typeof(RedisConnection).Assembly);

    /// <summary>A script that another project keeps as its resource <c>lua/name</c>.</summary>
    public static string Script(string name, Assembly assembly)
    {
        using var reader = new StreamReader(assembly.GetManifestResourceStream($"lua/{name}")!);
        return reader.ReadToEnd();
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        dependencies.Expect(Dependency.Redis);
        var lastGood = time.GetTimestamp();
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(500), time);
        do
        {
            try
            {
                _multiplexer ??= await ConnectAsync();
                // A follower answers too, and takes nothing that is written.
                await _multiplexer.GetDatabase().PingAsync(CommandFlags.DemandMaster).WaitAsync(CallLimit, stoppingToken);
                lastGood = time.GetTimestamp();
                Report(true, null);
            }
            catch (Exception fault) when (fault is not OperationCanceledException || !stoppingToken.IsCancellationRequested)
            {
                Report(false, FaultCause.Of(fault));
                if (time.GetElapsedTime(lastGood) < RebuildAfter) continue;
                LogRebuilding();
                lastGood = time.GetTimestamp();
                var old = _multiplexer;
                _multiplexer = null;
                old?.Dispose();
            }
        }
        while (await timer.WaitForNextTickAsync(stoppingToken));
    }

    private async Task<ConnectionMultiplexer> ConnectAsync()
    {
        var settings = ConfigurationOptions.Parse(options.Value.Redis!);
        settings.AbortOnConnectFail = false;
        settings.KeepAlive = 5;
        settings.ConnectTimeout = 2000;
        settings.SyncTimeout = 2000;
        settings.BacklogPolicy = BacklogPolicy.FailFast;
        // Not its own ten threads: one more thread that a lookup is handed to and back costs more than the lookup, on a machine with few cores.
        settings.SocketManager = SocketManager.ThreadPool;
        // Its ways to agree with other clients on which of two leaders counts: rights that no service needs.
        settings.TieBreaker = settings.ConfigurationChannel = "";
        if (settings.Ssl) settings.CertificateValidation += trust.Of(Dependency.Redis, "Im:Redis");
        return await ConnectionMultiplexer.ConnectAsync(settings);
    }

    private void Report(bool up, string? reason)
    {
        var was = _up;
        _up = up;
        dependencies.Report(Dependency.Redis, up, reason);
        if (up && !was) Restored?.Invoke();
    }

    public override void Dispose()
    {
        _multiplexer?.Dispose();
        base.Dispose();
    }

    [LoggerMessage(EventId = 1, Level = LogLevel.Warning, Message = "Redis did not answer for 5 s: connecting anew")]
    private partial void LogRebuilding();

    [LoggerMessage(EventId = 2, Level = LogLevel.Warning, Message = "Redis refuses what it is asked: {Reason}")]
    private partial void LogRefused(string reason);
}
