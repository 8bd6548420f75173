using System.Security.Cryptography;
using Im.Client;
using Im.Local;

namespace Im.K8s.Tests.Rights;

/// <summary>
/// The seven services in production mode before a broker that has what overlays/prod declares and nothing else: each comes as its own user with the rights
/// that it has there. PostgreSQL and Redis are as ever.
/// </summary>
public sealed class LimitedSystem : IAsyncLifetime
{
    private static readonly TimeSpan StartLimit = TimeSpan.FromSeconds(60);
    private static readonly string[] Services = ["gateway", "admin", "login", "session", "presence", "message", "profile"];
    private readonly InstancePaths _paths = new(TestInstances.Create("k8s"));
    private readonly List<ManagedProcess> _all = [];

    public string AdminKey { get; } = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(24));

    public string Password { get; } = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(24));

    public Uri Gateway { get; } = new($"http://127.0.0.1:{FreePort.Next()}");

    public Uri Admin { get; } = new($"http://127.0.0.1:{FreePort.Next()}");

    private PrivateRabbitMq Broker => (PrivateRabbitMq)_all[0];

    /// <summary>What the broker refused, by its log. A service that lacks a right tries again and again, and this fills.</summary>
    public IReadOnlyList<string> Refusals => [.. File.ReadLines(Broker.LogPath).Where(line => line.Contains("access_refused", StringComparison.OrdinalIgnoreCase)
        || line.Contains("refused for user", StringComparison.Ordinal) || line.Contains("precondition_failed", StringComparison.OrdinalIgnoreCase))];

    /// <summary>Those of the time in which the services began.</summary>
    public IReadOnlyList<string> RefusalsAtStart { get; private set; } = [];

    public Uri BrokerFor(string service) => new($"amqp://im-{service}:{Password}@127.0.0.1:{Broker.Port}/im");

    public async ValueTask InitializeAsync()
    {
        var cancel = TestContext.Current.CancellationToken;
        var redis = new PrivateRedis(_paths);
        var postgres = new PrivatePostgres(_paths);
        _all.AddRange([new PrivateRabbitMq(_paths), redis, postgres]);
        await Task.WhenAll(_all.Select(server => server.StartAsync(cancel)));
        var file = Path.Combine(_paths.Root, "definitions.json");
        await File.WriteAllTextAsync(file, await ManifestRun.NodeAsync("definitions.mjs", Password), cancel);
        await Broker.ImportAsync(file, cancel);

        var services = Services.Select(service => Process(service, redis, postgres)).ToList();
        _all.AddRange(services);
        await Task.WhenAll(services.Select(service => service.StartAsync(cancel)));
        await UntilAnsweredAsync(cancel);
        RefusalsAtStart = Refusals;
    }

    /// <summary>On a busy machine the first requests between services may be answered too late.</summary>
    private async Task UntilAnsweredAsync(CancellationToken cancel)
    {
        using var visitor = new ImApi(Gateway);
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(200));
        var began = TimeProvider.System.GetTimestamp();
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                await visitor.RegisterAsync($"first{attempt}", "a long enough password", cancellationToken: cancel);
                return;
            }
            catch (ImApiException away) when (away.Status == 503 && TimeProvider.System.GetElapsedTime(began) < StartLimit)
            {
                await timer.WaitForNextTickAsync(cancel);
            }
        }
    }

    private ServiceProcess Process(string service, PrivateRedis redis, PrivatePostgres postgres)
    {
        var door = service switch { "gateway" => Gateway, "admin" => Admin, _ => new Uri($"http://127.0.0.1:{FreePort.Next()}") };
        var environment = new Dictionary<string, string?>
        {
            ["ASPNETCORE_ENVIRONMENT"] = "Production",
            ["Im__Bus"] = BrokerFor(service).OriginalString,
            ["Im__Redis"] = redis.ConnectionString,
            ["Im__Database"] = postgres.ConnectionString,
            ["Im__QuorumQueues"] = "true",
            ["Im__Node__Name"] = service,
            ["Im__Admin__Key"] = AdminKey,
            ["Im__Gateway__Listen"] = door.OriginalString,
            ["Im__Admin__Listen"] = door.OriginalString,
            ["Im__Health__Listen"] = door.OriginalString,
        };
        return new ServiceProcess(service, service, SolutionBinaries.Service(service), door.Port, environment, _paths);
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var process in _all.AsEnumerable().Reverse()) await process.DisposeAsync();
        _all.OfType<PrivatePostgres>().SingleOrDefault()?.DeleteData();
        Directory.Delete(_paths.Root, recursive: true);
    }
}
