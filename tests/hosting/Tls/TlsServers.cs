using Im.Local;

namespace Im.Hosting.Tests.Tls;

/// <summary>RabbitMQ, Redis and PostgreSQL over TLS, all three with the same certificate.</summary>
public sealed class TlsServers : IAsyncDisposable
{
    private readonly InstancePaths _paths = new(Directory.CreateTempSubdirectory("im-tls-tests-").FullName);
    private readonly TestAuthority _authority = new();
    private readonly ServerCertificate _files;
    private Shown? _shown;

    public TlsServers()
    {
        _files = new ServerCertificate(Path.Combine(_paths.Root, "server.crt"), Path.Combine(_paths.Root, "server.key"));
        RootsPath = Path.Combine(_paths.Root, "roots.pem");
        File.WriteAllText(RootsPath, _authority.Root);
        Rabbit = new PrivateRabbitMq(_paths) { Certificate = _files };
        Redis = new PrivateRedis(_paths) { Certificate = _files };
        Postgres = new PrivatePostgres(_paths) { Certificate = _files };
    }

    public string RootsPath { get; }

    public PrivateRabbitMq Rabbit { get; }

    public PrivateRedis Redis { get; }

    public PrivatePostgres Postgres { get; }

    private ManagedProcess[] All => [Rabbit, Redis, Postgres];

    /// <summary>Starts them anew with this certificate, unless they have it.</summary>
    public async Task ShowAsync(Shown shown)
    {
        var cancel = TestContext.Current.CancellationToken;
        if (_shown == shown) return;
        _shown = shown;
        await Task.WhenAll(All.Where(server => server.IsRunning).Select(server =>
        {
            server.Kill();
            return server.Exited.WaitAsync(cancel);
        }));
        _authority.Write(shown, _files);
        await Task.WhenAll(All.Select(server => server.StartAsync(cancel)));
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var server in All) await server.DisposeAsync();
        Postgres.DeleteData();
        _authority.Dispose();
        Directory.Delete(_paths.Root, recursive: true);
    }
}
