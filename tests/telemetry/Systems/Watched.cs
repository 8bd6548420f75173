using Im.Client;
using Im.Local;
using Im.Protocol;
using Im.Telemetry.Tests.Otlp;

namespace Im.Telemetry.Tests.Systems;

/// <summary>A system in which everything is sampled, logged at debug level and told to a collector.</summary>
public sealed class Watched : IAsyncDisposable
{
    /// <summary>Far more than it ever takes: the machines that run this may be busy.</summary>
    public static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    private readonly string _directory;
    private readonly IAsyncDisposable _processes;

    private Watched(string directory, OtlpReceiver told, IAsyncDisposable processes, IReadOnlyList<Uri> gateways, Uri admin, string adminKey) =>
        (_directory, Told, _processes, Gateways, Admin, AdminKey) = (directory, told, processes, gateways, admin, adminKey);

    public OtlpReceiver Told { get; }

    /// <summary>One in standalone, two in full.</summary>
    public IReadOnlyList<Uri> Gateways { get; }

    public Uri Admin { get; }

    public string AdminKey { get; }

    public FullCluster? Full => _processes as FullCluster;

    public Standalone? Standalone => _processes as Standalone;

    public bool IsFull => Full is not null;

    public static async Task<Watched> StartStandaloneAsync()
    {
        var (directory, told) = (TestInstances.Create("telemetry-standalone"), await OtlpReceiver.StartAsync());
        var system = await Im.Local.Standalone.StartAsync(directory, Settings(told), cancel: TestContext.Current.CancellationToken);
        var watched = new Watched(directory, told, system, [system.GatewayUrl], system.AdminUrl, system.AdminKey);
        await watched.UntilLoginsWorkAsync();
        return watched;
    }

    public static async Task<Watched> StartFullAsync()
    {
        var (directory, told) = (TestInstances.Create("telemetry-full"), await OtlpReceiver.StartAsync());
        var system = await FullCluster.StartAsync(new FullClusterOptions { Directory = directory, Settings = Settings(told) }, TestContext.Current.CancellationToken);
        var watched = new Watched(directory, told, system, system.GatewayUrls, system.AdminUrl, system.AdminKey);
        await watched.UntilLoginsWorkAsync();
        return watched;
    }

    /// <summary>What all processes have written so far.</summary>
    public IEnumerable<string> LogLines() => Directory.EnumerateFiles(Path.Combine(_directory, "logs"), "*.log").SelectMany(ReadLines);

    /// <summary>The lines that one of our own processes has finished so far; the last one may be in the middle of its way to the disk.</summary>
    public IReadOnlyList<string> LogLines(string process) => ReadFinishedLines(new InstancePaths(_directory).Log(process));

    public async Task<ImSession> LogInAsync(string name, string password, HttpMessageHandler? handler = null)
    {
        var cancel = TestContext.Current.CancellationToken;
        using var api = new ImApi(Gateways[0], handler: handler);
        await api.RegisterAsync(name, password, cancellationToken: cancel);
        return await api.LogInAsync(name, password, cancellationToken: cancel);
    }

    /// <summary>Of whoever takes part in a login.</summary>
    private IEnumerable<string> LastWords() =>
        IsFull ? ((string[])["gateway-1", "login", "session"]).SelectMany(name => LogLines(name).TakeLast(10).Select(line => $"{name}: {line}")) : [];

    /// <summary>After a start or a fault the first requests between services may be answered too late.</summary>
    public async Task UntilLoginsWorkAsync()
    {
        try
        {
            await FirstRequests.AnsweredAsync(Gateways[0], TestContext.Current.CancellationToken);
        }
        catch (LocalStartException away)
        {
            Assert.Fail($"no login works: {away.Message}\n{string.Join('\n', LastWords())}");
        }
    }

    /// <summary>Connected to this gateway and to no other.</summary>
    public static async Task<ImClient> ConnectAsync(ImSession session, Uri gateway, HttpMessageHandler? handler = null, FrameFormat? format = null)
    {
        var client = new ImClient(new ImClientOptions
        {
            Gateway = gateway,
            Session = session.SessionId,
            Handler = handler,
            Format = format ?? FrameFormat.Json,
        });
        await client.ConnectAsync(TestContext.Current.CancellationToken);
        await client.WhenSynced(TestContext.Current.CancellationToken);
        return client;
    }

    /// <summary>Reads to the end; the code that the server closed with.</summary>
    public static async Task<int?> UntilClosedAsync(ImConnection connection)
    {
        using var end = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        end.CancelAfter(Limit);
        var frames = new List<ServerFrame>();
        while (await connection.ReceiveAsync(frames, end.Token)) frames.Clear();
        return connection.CloseCode;
    }

    /// <summary>Asks again and again, for what arrives some time later.</summary>
    public static Task<T> UntilAsync<T>(Func<T> ask, Func<T, bool> isIt, Func<T, string> tell) => UntilAsync(() => Task.FromResult(ask()), isIt, tell);

    /// <inheritdoc cref="UntilAsync{T}(Func{T}, Func{T, bool}, Func{T, string})"/>
    public static async Task<T> UntilAsync<T>(Func<Task<T>> ask, Func<T, bool> isIt, Func<T, string> tell)
    {
        using var end = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        end.CancelAfter(Limit);
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(50));
        while (true)
        {
            var answer = await ask();
            if (isIt(answer)) return answer;
            if (end.IsCancellationRequested) Assert.Fail($"it did not come to that in time:\n{tell(answer)}");
            await timer.WaitForNextTickAsync(TestContext.Current.CancellationToken);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _processes.DisposeAsync();
        await Told.DisposeAsync();
        if (Environment.GetEnvironmentVariable("IM_KEEP_LOGS") != "1") Directory.Delete(_directory, recursive: true);
    }

    private static Dictionary<string, string> Settings(OtlpReceiver told) => new()
    {
        ["Im__Telemetry__OtlpEndpoint"] = told.Address,
        ["Im__Telemetry__SampleRatio"] = "1",
        ["Im__Telemetry__MetricsSeconds"] = "1",
        ["Im__Logs__Format"] = "json",
        ["Logging__LogLevel__Default"] = "Debug",
        ["OTEL_BSP_SCHEDULE_DELAY"] = "100",
    };

    private static string[] ReadLines(string path) => ReadAll(path).Split('\n');

    private static string[] ReadFinishedLines(string path) => ReadAll(path).Split('\n')[..^1];

    private static string ReadAll(string path)
    {
        using var file = new StreamReader(new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite));
        return file.ReadToEnd();
    }
}
