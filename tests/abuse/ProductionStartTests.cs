using System.Net;
using System.Net.Sockets;
using Im.Admin;
using Im.Hosting;
using Im.Login;
using Microsoft.Extensions.Options;

namespace Im.Abuse.Tests;

/// <summary>What production refuses to start with, and says so before it listens; development takes it.</summary>
public sealed class ProductionStartTests
{
    private const string Bus = "amqp://im:9fK2wq7v@127.0.0.1:1/", Redis = "127.0.0.1:1,password=9fK2wq7v", Database = "Host=127.0.0.1;Port=1;Password=9fK2wq7v";

    [Theory]
    [InlineData("amqp://guest:guest@127.0.0.1:1/", Redis, Database, "Im:Bus")]
    [InlineData("amqp://im:guest@127.0.0.1:1/", Redis, Database, "Im:Bus")]
    [InlineData("amqp://im@127.0.0.1:1/", Redis, Database, "Im:Bus")]
    [InlineData("amqp://127.0.0.1:1/", Redis, Database, "Im:Bus")]
    [InlineData(Bus, "127.0.0.1:1", Database, "Im:Redis")]
    [InlineData(Bus, "127.0.0.1:1,password=", Database, "Im:Redis")]
    [InlineData(Bus, "127.0.0.1:1,password=redis", Database, "Im:Redis")]
    [InlineData(Bus, Redis, "Host=127.0.0.1;Port=1", "Im:Database")]
    [InlineData(Bus, Redis, "Host=127.0.0.1;Port=1;Password=postgres", "Im:Database")]
    [Trait("abuse", "84")]
    public async Task Credentials_that_anybody_tries_first_keep_production_from_starting(string bus, string redis, string database, string named)
    {
        var fault = await StartAsync("Production", $"--Im:Bus={bus}", $"--Im:Redis={redis}", $"--Im:Database={database}");
        Assert.Contains(named, Assert.IsType<OptionsValidationException>(fault).Message, StringComparison.Ordinal);
        Assert.Null(await StartAsync("Development", $"--Im:Bus={bus}", $"--Im:Redis={redis}", $"--Im:Database={database}"));
    }

    [Theory]
    [InlineData(Bus, Redis, Database)]
    [InlineData(Bus, Redis, "Host=127.0.0.1;Port=1;Passfile=/run/secrets/pgpass")]
    [InlineData(Bus, Redis, "Host=/var/run/postgresql")]
    [Trait("abuse", "84")]
    public async Task Credentials_of_ones_own_let_production_start(string bus, string redis, string database) =>
        Assert.Null(await StartAsync("Production", $"--Im:Bus={bus}", $"--Im:Redis={redis}", $"--Im:Database={database}"));

    [Theory]
    [InlineData("http://0.0.0.0:8081", false, false)]
    [InlineData("http://*:8081", false, false)]
    [InlineData("http://[::]:8081", false, false)]
    [InlineData("http://0.0.0.0:8081", true, true)]
    [InlineData("http://127.0.0.1:8081", false, true)]
    [InlineData("http://localhost:8081", false, true)]
    [InlineData("https://0.0.0.0:8081", false, true)]
    [Trait("abuse", "16")]
    public async Task Plain_http_beyond_this_machine_has_to_be_named(string listen, bool named, bool starts)
    {
        string[] settings = [$"--Im:Admin:Listen={listen}", $"--Im:Admin:Key={new string('k', 40)}", $"--Im:PlainHttp={named}", "--Im:Database=Data Source=:memory:"];
        // Nothing listens before the start.
        var fault = await Record.ExceptionAsync(() => CreateAsync("Production"));
        if (starts) Assert.Null(fault);
        else Assert.Contains("Im:PlainHttp", fault?.Message, StringComparison.Ordinal);
        await CreateAsync("Development");

        async Task CreateAsync(string environment) => await ImHost.Create([.. settings, $"--environment={environment}"], new AdminModule()).DisposeAsync();
    }

    /// <summary>Starts, or says what kept it; servers that are away keep nothing from starting.</summary>
    private static async Task<Exception?> StartAsync(string environment, params string[] settings) => await Record.ExceptionAsync(async () =>
    {
        await using var app = ImHost.Create([.. settings, $"--environment={environment}", $"--Im:Health:Listen=http://127.0.0.1:{FreePort()}"], new LoginModule());
        await app.StartAsync(TestContext.Current.CancellationToken);
        await app.StopAsync(TestContext.Current.CancellationToken);
    });

    private static int FreePort()
    {
        using var probe = new TcpListener(IPAddress.Loopback, 0);
        probe.Start();
        return ((IPEndPoint)probe.LocalEndpoint).Port;
    }
}
