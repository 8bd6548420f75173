using System.Net;
using System.Reflection;
using Im.Admin;
using Im.Gateway;
using Im.Hosting;
using Im.Local;
using Im.Login;
using Im.Message;
using Im.Presence;
using Im.Profile;
using Im.Session;
using Microsoft.AspNetCore.Http;

namespace Im.Compose.Tests;

/// <summary>The services of the compose file against the code: what they are told is what they read, and where they are asked is where they answer.</summary>
public sealed class SettingsTests(Generated generated) : IClassFixture<Generated>
{
    /// <summary>Read by the host itself, so no class of options has them.</summary>
    private static readonly string[] OfTheHost = ["Im:Node:Name", "Im:Health:Listen", "Im:Admin:Listen", "Im:Docs:Enabled"];

    private static readonly IImModule[] Modules =
        [new AdminModule(), new GatewayModule(), new LoginModule(), new MessageModule(), new PresenceModule(), new ProfileModule(), new SessionModule()];

    public static TheoryData<string> OwnServices => [.. new ComposeFile(_ => null).Own.Select(one => one.Name)];

    [Fact]
    public void Every_service_of_the_system_is_there_and_those_that_share_work_twice()
    {
        var programs = generated.Compose.Own.ToLookup(one => one.Program, one => one.Service);
        Assert.Equal(Modules.Select(module => module.Name).Order(), programs.Select(program => program.Key).Order());
        Assert.Equal(2, programs["gateway"].Count());
        Assert.Equal(2, programs["message"].Count());
    }

    [Theory]
    [MemberData(nameof(OwnServices))]
    public void Every_setting_is_one_that_is_read(string service)
    {
        var known = Modules.Select(module => module.GetType().Assembly).Append(typeof(ImOptions).Assembly).SelectMany(assembly => assembly.GetTypes())
            .SelectMany(SettingsOf).Concat(OfTheHost).ToHashSet(StringComparer.Ordinal);
        Assert.Contains("Im:Gateway:TrustedProxies", known);
        foreach (var name in generated.Compose.Services[service].Environment.Keys)
        {
            var key = name.Replace("__", ":", StringComparison.Ordinal);
            var list = key[..key.LastIndexOf(':')];
            Assert.True(known.Contains(key) || (known.Contains(list) && int.TryParse(key[(list.Length + 1)..], out _)), $"{service}: nobody reads {name}");
        }
    }

    [Theory]
    [MemberData(nameof(OwnServices))]
    public async Task It_starts_in_production_and_serves_the_health_page_that_is_asked(string service)
    {
        var compose = generated.Compose.Services[service];
        Assert.DoesNotContain(compose.Environment.Keys, name => name.Contains("ENVIRONMENT", StringComparison.Ordinal));
        var module = Modules.Single(one => one.Name == compose.Text("build", "args", "SERVICE"));
        var health = compose.Health!;
        Assert.True(IPAddress.IsLoopback(IPAddress.Parse(health.Host)), "the container asks itself");
        var settings = compose.Environment.ToDictionary(pair => pair.Key.Replace("__", ":", StringComparison.Ordinal), pair => pair.Value);
        var listen = module.Door switch { Door.Clients => "Im:Gateway:Listen", Door.None => "Im:Health:Listen", _ => "Im:Admin:Listen" };
        Assert.Equal(health.Port, BindingAddress.Parse(settings.GetValueOrDefault(listen) ?? new ImOptions().HealthListen).Port);

        // The servers that it names are not there; it starts nevertheless.
        settings[listen] = $"http://127.0.0.1:{FreePort.Next()}";
        await using var app = ImHost.Create([.. settings.Select(pair => $"--{pair.Key}={pair.Value}"), "--environment=Production"], module);
        await app.StartAsync(TestContext.Current.CancellationToken);
        using var http = new HttpClient(new SocketsHttpHandler { UseProxy = false });
        using var answer = await http.GetAsync(new Uri(new Uri(settings[listen]), health.PathAndQuery), TestContext.Current.CancellationToken);
        Assert.Contains(answer.StatusCode, (HttpStatusCode[])[HttpStatusCode.OK, HttpStatusCode.ServiceUnavailable]);
        Assert.Contains("\"status\"", await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken), StringComparison.Ordinal);
        await app.StopAsync(TestContext.Current.CancellationToken);
    }

    [Fact]
    public void A_service_has_the_time_to_drain_before_it_is_killed()
    {
        // The host gives what runs in it 20 s (ImHost).
        Assert.All(generated.Compose.Own, one => Assert.InRange(int.Parse(one.Service.Text("stop_grace_period").TrimEnd('s'), null), 25, 60));
    }

    [Fact]
    public void Only_the_admin_service_knows_the_key_of_operators() =>
        Assert.Equal(["admin"], generated.Compose.Services.Where(one => one.Value.Environment.ContainsKey("Im__Admin__Key")).Select(one => one.Key));

    private static IEnumerable<string> SettingsOf(Type options) =>
        options.GetField("Section", BindingFlags.Public | BindingFlags.Static)?.GetRawConstantValue() is string section
            ? options.GetProperties().Where(property => property.SetMethod is not null).Select(property => $"{section}:{property.Name}")
            : [];
}
