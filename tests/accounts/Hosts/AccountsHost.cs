using System.Net.Http.Headers;
using Im.Admin;
using Im.Hosting;
using Im.Hosting.Bus;
using Im.Hosting.Nodes;
using Im.Hosting.Storage;
using Im.Local;
using Im.Login;
using Im.Profile;
using Im.Session;
using MassTransit;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;

namespace Im.Accounts.Tests.Hosts;

/// <summary>A real host with the account services inside, on SQLite in a directory of its own unless told another database.</summary>
public sealed class AccountsHost : IAsyncDisposable
{
    public const string AdminKey = "0123456789-0123456789-0123456789-0123456789";

    private static readonly TimeSpan BusLimit = TimeSpan.FromSeconds(60);

    private readonly ScratchDirectory _directory = new();
    private readonly WebApplication _app;

    private AccountsHost(string environment, string? database, string[] settings)
    {
        var port = FreePort.Next();
        Admin = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{port}") };
        Admin.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", AdminKey);
        string[] args =
        [
            $"--environment={environment}",
            $"--Im:Database={database ?? $"Data Source={Path.Combine(_directory.Path, "im.db")}"}",
            $"--Im:Admin:Listen={Admin.BaseAddress}",
            $"--Im:Admin:Key={AdminKey}",
            .. settings,
        ];
        _app = ImHost.Create(args, new LoginModule(), new SessionModule(), new ProfileModule(), new AdminModule(), Neighbours);
    }

    public NeighbourModule Neighbours { get; } = new();

    public HttpClient Admin { get; }

    public IServiceProvider Services => _app.Services;

    public BusCalls Bus => Services.GetRequiredService<BusCalls>();

    public Database Database => Services.GetRequiredService<Database>();

    /// <summary>Completes when the storage is there, the node board was read and requests are answered.</summary>
    public static async Task<AccountsHost> StartAsync(string environment = "Development", string? database = null, params string[] settings)
    {
        var host = new AccountsHost(environment, database, settings);
        await host._app.StartAsync(TestContext.Current.CancellationToken);
        await host.Services.GetRequiredService<StorageState>().Ready.WaitAsync(TestContext.Current.CancellationToken);
        await host.Services.GetRequiredService<NodeBoard>().Known.WaitAsync(TestContext.Current.CancellationToken);
        Assert.Equal(BusHealthStatus.Healthy, await host.Services.GetRequiredService<IBusControl>().WaitForHealthStatus(BusHealthStatus.Healthy, BusLimit));
        return host;
    }

    public async ValueTask DisposeAsync()
    {
        Admin.Dispose();
        await _app.StopAsync();
        await _app.DisposeAsync();
        _directory.Dispose();
    }
}
