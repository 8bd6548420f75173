using Im.Hosting.Health;
using Im.Hosting.Storage;
using Im.Hosting.Tls;
using Im.Local;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Npgsql;

namespace Im.Hosting.Tests.Tls;

/// <summary>A whole host before real servers over TLS: it works with those that are right and with no others, and finds out by itself when they are right again.</summary>
public sealed class ServersOverTlsTests(TlsServers servers) : IClassFixture<TlsServers>
{
    private static readonly string[] Servers = [Dependency.Broker, Dependency.Redis, Dependency.Database];
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(120);

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    [Trait("abuse", "15")]
    public async Task Servers_with_a_wrong_certificate_are_told_nothing_and_used_as_soon_as_it_is_right()
    {
        (Shown Shown, string What)[] wrong =
            [(Shown.ForAnotherName, "it is for elsewhere.example and not for 127.0.0.1"), (Shown.SignedByItself, "it is signed by itself"), (Shown.Expired, "it expired on ")];
        await servers.ShowAsync(wrong[0].Shown);
        await using var host = await StartAsync();
        foreach (var (shown, what) in wrong)
        {
            if (shown != wrong[0].Shown) await servers.ShowAsync(shown);
            await UntilAsync(() => Servers.All(server => host.Lines.Refusals(server).Any(line => line.Contains(what, StringComparison.Ordinal))), host);
            Assert.Equal([Dependency.Broker, Dependency.Bus, Dependency.Database, Dependency.Redis], host.Dependencies.Missing.Order());
        }

        await servers.ShowAsync(Shown.Good);
        await UntilAsync(() => host.Dependencies.Missing.Count == 0, host);
        // Once each, however often it was tried.
        foreach (var server in Servers) Assert.Equal(wrong.Length, host.Lines.Refusals(server).Count);
        AssertNoSecrets(host);
    }

    [Fact]
    public async Task The_root_in_the_connection_string_of_the_database_is_the_only_one_that_counts()
    {
        await servers.ShowAsync(Shown.Good);
        await using var trusting = Database(servers.RootsPath, roots: null);
        await using (await trusting.OpenAsync(Cancel)) { }
        using var other = new TestAuthority("Other");
        var path = Path.Combine(Path.GetDirectoryName(servers.RootsPath)!, "other.pem");
        await File.WriteAllTextAsync(path, other.Root, Cancel);
        await using var doubting = Database(path, servers.RootsPath);
        await Assert.ThrowsAsync<NpgsqlException>(() => doubting.OpenAsync(Cancel));
    }

    private async Task<RunningHost> StartAsync()
    {
        var lines = new Lines();
        var app = ImHost.Create(
            [
                $"--Im:Bus={servers.Rabbit.Uri}", $"--Im:Redis={servers.Redis.ConnectionString}", $"--Im:Database={servers.Postgres.ConnectionString}",
                $"--Im:TrustedRoots={servers.RootsPath}", $"--Im:Health:Listen=http://127.0.0.1:{FreePort.Next()}",
            ],
            new AskedModule());
        app.Services.GetRequiredService<ILoggerFactory>().AddProvider(lines);
        await app.StartAsync(Cancel);
        return new RunningHost(app, lines);
    }

    private PostgresDatabase Database(string root, string? roots)
    {
        var trust = new ServerTrust(Options.Create(new ImOptions { TrustedRoots = roots }), TimeProvider.System, NullLogger<ServerTrust>.Instance);
        return new PostgresDatabase($"{servers.Postgres.ConnectionString};Root Certificate={root}", trust);
    }

    private void AssertNoSecrets(RunningHost host)
    {
        var broker = new Uri(servers.Rabbit.Uri).UserInfo.Split(':')[1];
        var database = new NpgsqlConnectionStringBuilder(servers.Postgres.ConnectionString).Password!;
        foreach (var secret in (string[])[broker, servers.Redis.Password, database])
            Assert.DoesNotContain(host.Lines.All, line => line.Contains(secret, StringComparison.Ordinal));
    }

    private static async Task UntilAsync(Func<bool> isSo, RunningHost host)
    {
        var since = TimeProvider.System.GetTimestamp();
        while (!isSo())
        {
            Assert.True(TimeProvider.System.GetElapsedTime(since) < Limit, string.Join('\n', host.Lines.All));
            await Task.Delay(50, Cancel);
        }
    }

    private sealed class RunningHost(WebApplication app, Lines lines) : IAsyncDisposable
    {
        public Lines Lines => lines;

        public Dependencies Dependencies => app.Services.GetRequiredService<Dependencies>();

        public async ValueTask DisposeAsync()
        {
            await app.StopAsync(CancellationToken.None);
            await app.DisposeAsync();
        }
    }
}
