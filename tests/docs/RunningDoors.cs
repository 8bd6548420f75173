using System.Net.Http.Headers;
using Im.Local;

[assembly: AssemblyFixture(typeof(Im.Docs.Tests.RunningDoors))]

namespace Im.Docs.Tests;

/// <summary>One process with everything in it, as <c>./im up</c> starts it, and a way to ask both of its doors.</summary>
public sealed class RunningDoors : IAsyncLifetime
{
    private readonly string _directory = TestInstances.Create("docs");
    private Standalone? _running;

    public Uri Gateway => _running!.GatewayUrl;

    public HttpClient Clients { get; private set; } = null!;

    /// <summary>It has the admin key.</summary>
    public HttpClient Operators { get; private set; } = null!;

    public async ValueTask InitializeAsync()
    {
        var cancel = TestContext.Current.CancellationToken;
        _running = await Standalone.StartAsync(_directory, cancel: cancel);
        await FirstRequests.AnsweredAsync(_running.GatewayUrl, cancel);
        Clients = DoorAt(_running.GatewayUrl);
        Operators = DoorAt(_running.AdminUrl);
        Operators.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", _running.AdminKey);
    }

    /// <param name="document">As the documents in the repository are named: <c>clients</c> or <c>admin</c>.</param>
    public HttpClient Door(string document) => document == "clients" ? Clients : Operators;

    public async ValueTask DisposeAsync()
    {
        Clients?.Dispose();
        Operators?.Dispose();
        if (_running is not null) await _running.DisposeAsync();
        Directory.Delete(_directory, recursive: true);
    }

    private static HttpClient DoorAt(Uri address) =>
        new(new SocketsHttpHandler { UseProxy = false, AllowAutoRedirect = false }) { BaseAddress = address, Timeout = TimeSpan.FromSeconds(60) };
}
