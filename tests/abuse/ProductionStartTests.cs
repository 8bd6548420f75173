using System.Net;
using System.Net.Sockets;
using Im.Admin;
using Im.Gateway;
using Im.Hosting;
using Im.Login;
using Microsoft.Extensions.DependencyInjection;
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
    [InlineData(Bus, Redis, "Host=127.0.0.1;Port=1;Pwd=9fK2wq7v")]
    [InlineData("amqps://im:9fK2wq7v@127.0.0.1:1/", Redis + ",ssl=true", Database + ";SSL Mode=VerifyFull")]
    [Trait("abuse", "84")]
    public async Task Credentials_of_ones_own_let_production_start(string bus, string redis, string database) =>
        Assert.Null(await StartAsync("Production", $"--Im:Bus={bus}", $"--Im:Redis={redis}", $"--Im:Database={database}"));

    [Theory]
    [InlineData("SSL Mode=Require", "Im:Database has SSL Mode=Require, which encrypts for whoever answers")]
    [InlineData("SSL Mode=VerifyCA", "Im:Database has SSL Mode=VerifyCA, which does not look at the name")]
    [InlineData("Trust Server Certificate=true", "Im:Database has Trust Server Certificate=true, which takes the certificate of anybody")]
    [InlineData("SSL Mode=VerifyFull;TrustServerCertificate=true", "Im:Database has Trust Server Certificate=true")]
    [Trait("abuse", "15")]
    public async Task Encryption_for_whoever_answers_keeps_production_from_starting(string setting, string words)
    {
        var fault = await StartAsync("Production", $"--Im:Bus={Bus}", $"--Im:Redis={Redis}", $"--Im:Database={Database};{setting}");
        Assert.StartsWith(words, Assert.IsType<OptionsValidationException>(fault).Message, StringComparison.Ordinal);
        Assert.Contains("say SSL Mode=VerifyFull", fault.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("http://127.0.0.1:1", Redis, Database, null, "Im:Bus is an AMQP address")]
    [InlineData("amqp://im:9fK2wq7v@127.0.0.1:5671/", Redis, Database, null, "Im:Bus is amqp:// with 5671, the port of TLS: say amqps://")]
    [InlineData(Bus, "rediss://im:9fK2wq7v@127.0.0.1:1", Database, null, "Im:Redis is no address of Redis")]
    [InlineData(Bus, "127.0.0.1:1,password=9fK2wq7v,tls=on", Database, null, "Im:Redis is no address of Redis")]
    [InlineData(Bus, Redis, Database + ";SSL Mode=9fK2wq7v", null, "Im:Database is no connection string of Npgsql")]
    [InlineData(Bus, Redis, Database + ";Root Certificate=/nowhere/root.pem", null, "Root Certificate of Im:Database cannot be read")]
    [InlineData(Bus, Redis, Database, "/nowhere/roots.pem", "Im:TrustedRoots cannot be read")]
    [InlineData(Bus, Redis, Database, "/etc/hostname", "Im:TrustedRoots is a PEM file with one root certificate or more; there is none in /etc/hostname")]
    [Trait("abuse", "84")]
    public async Task An_address_that_cannot_be_is_refused_without_repeating_what_is_secret_in_it(string bus, string redis, string database, string? roots, string words)
    {
        var fault = await StartAsync("Development", $"--Im:Bus={bus}", $"--Im:Redis={redis}", $"--Im:Database={database}", $"--Im:TrustedRoots={roots}");
        Assert.StartsWith(words, Assert.IsType<OptionsValidationException>(fault).Message, StringComparison.Ordinal);
        Assert.DoesNotContain("9fK2wq7v", fault.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("http://*:8080", null, false)]
    [InlineData("http://*:8080", "10.1.0.0/16", true)]
    [InlineData("http://127.0.0.1:8080", null, true)]
    [InlineData("https://*:8080", null, true)]
    [Trait("abuse", "16")]
    public async Task The_proxy_before_the_clients_door_has_to_be_named(string listen, string? proxy, bool starts)
    {
        string[] settings = [$"--Im:Gateway:Listen={listen}", "--Im:PlainHttp=true", .. Servers, Certificate];
        var named = proxy is null ? settings : [.. settings, $"--Im:Gateway:TrustedProxies:0={proxy}"];
        var fault = await Record.ExceptionAsync(() => ImHost.Create([.. named, "--environment=Production"], new GatewayModule()).DisposeAsync().AsTask());
        if (starts) Assert.Null(fault);
        else Assert.Contains("Im:Gateway:TrustedProxies", fault?.Message, StringComparison.Ordinal);
        await ImHost.Create([.. named, "--environment=Development"], new GatewayModule()).DisposeAsync();
    }

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
        string[] settings = [$"--Im:Admin:Listen={listen}", $"--Im:Admin:Key={new string('k', 40)}", $"--Im:PlainHttp={named}", .. Servers, Certificate];
        // Nothing listens before the start.
        var fault = await Record.ExceptionAsync(() => CreateAsync("Production"));
        if (starts) Assert.Null(fault);
        else Assert.Contains("Im:PlainHttp", fault?.Message, StringComparison.Ordinal);
        await CreateAsync("Development");

        async Task CreateAsync(string environment) => await ImHost.Create([.. settings, $"--environment={environment}"], new AdminModule()).DisposeAsync();
    }

    [Fact]
    [Trait("abuse", "16")]
    public async Task A_door_with_tls_of_its_own_needs_a_certificate()
    {
        string[] settings = ["--Im:Gateway:Listen=https://*:8080", .. Servers, "--environment=Production"];
        var fault = await Record.ExceptionAsync(() => ImHost.Create(settings, new GatewayModule()).DisposeAsync().AsTask());
        Assert.StartsWith("https://*:8080 needs a certificate: name its PEM files in Kestrel:Certificates:Default:Path", fault?.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Im:Gateway:PublicUrl", "chat.example.org")]
    [InlineData("Im:Gateway:PublicUrl", "/v1/ws")]
    [InlineData("Im:Gateway:AllowedOrigins:0", "chat.example.org")]
    [InlineData("Im:Gateway:AllowedOrigins:0", "https://chat.example.org/")]
    [InlineData("Im:Gateway:AllowedOrigins:0", "https://chat.example.org:443")]
    [InlineData("Im:Gateway:AllowedOrigins:0", "*")]
    [InlineData("Im:Gateway:AllowedOrigins:0", "null")]
    public async Task An_address_that_no_client_could_use_is_refused(string setting, string value)
    {
        var fault = await Assert.ThrowsAsync<OptionsValidationException>(async () =>
        {
            await using var app = ImHost.Create(["--Im:Gateway:Listen=http://127.0.0.1:0", .. Servers, $"--{setting}={value}", "--environment=Development"], new GatewayModule());
            app.Services.GetRequiredService<IStartupValidator>().Validate();
        });
        Assert.Contains(value, fault.Message, StringComparison.Ordinal);
        Assert.StartsWith(setting.Replace(":0", "", StringComparison.Ordinal), fault.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Im:Gateway:PublicUrl", "")]
    [InlineData("Im:Gateway:PublicUrl", "https://chat.example.org:8443")]
    [InlineData("Im:Gateway:AllowedOrigins:0", "")]
    [InlineData("Im:Gateway:AllowedOrigins:0", "https://chat.example.org")]
    [InlineData("Im:Gateway:AllowedOrigins:0", "http://localhost:5173")]
    [InlineData("Im:Gateway:AllowedOrigins:0", "capacitor://localhost")]
    public async Task An_address_that_clients_use_is_taken(string setting, string value)
    {
        await using var app = ImHost.Create(["--Im:Gateway:Listen=http://127.0.0.1:0", .. Servers, $"--{setting}={value}", "--environment=Development"], new GatewayModule());
        app.Services.GetRequiredService<IStartupValidator>().Validate();
    }

    private static readonly string[] Servers = [$"--Im:Bus={Bus}", $"--Im:Redis={Redis}", $"--Im:Database={Database}"];

    /// <summary>Looked at when the door opens, which it does not here.</summary>
    private const string Certificate = "--Kestrel:Certificates:Default:Path=/run/secrets/door.pem";

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
