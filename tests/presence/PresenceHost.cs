using System.Collections.Concurrent;
using Im.Contracts;
using Im.Contracts.Messages;
using Im.Hosting;
using Im.Hosting.Bus;
using Im.Hosting.Routes;
using Im.Hosting.Storage;
using Im.Local;
using MassTransit;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Route = Im.Hosting.Routes.Route;

namespace Im.Presence.Tests;

/// <summary>The presence module in a host, with a stand-in for gateways that reports and watches over the bus, and whose gateways live as long as the host.</summary>
public sealed class PresenceHost : IAsyncDisposable
{
    private static readonly TimeSpan StartLimit = TimeSpan.FromSeconds(60), RedisLimit = TimeSpan.FromSeconds(90), NewsLimit = TimeSpan.FromSeconds(30);

    private readonly WebApplication _app;
    private readonly Watcher _watcher;
    private readonly LivingGateways _gateways;
    private readonly ConcurrentDictionary<long, PresenceState> _told = [];

    private PresenceHost(WebApplication app, Watcher watcher)
    {
        (_app, _watcher) = (app, watcher);
        _gateways = new LivingGateways(Routes);
    }

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public IRouteTable Routes => _app.Services.GetRequiredService<IRouteTable>();

    public T Get<T>()
        where T : notnull => _app.Services.GetRequiredService<T>();

    /// <param name="settings">Beyond the section <c>Im</c>'s name; which bus, Redis and database.</param>
    /// <param name="before">The one whose gateways live on with this one.</param>
    public static async Task<PresenceHost> StartAsync(IEnumerable<string> settings, PresenceHost? before = null)
    {
        var watcher = new Watcher();
        var host = await StartAsync(settings, watcher, new PresenceModule(), watcher);
        if (before is not null) await host._gateways.TakeOverAsync(before._gateways.Boots);
        return host;
    }

    /// <summary>The stand-in for gateways in a process of its own, which hears what is published while presence goes and comes.</summary>
    public static Task<PresenceHost> StartGatewayAsync(IEnumerable<string> settings)
    {
        var watcher = new Watcher();
        return StartAsync(settings, watcher, watcher);
    }

    private static async Task<PresenceHost> StartAsync(IEnumerable<string> settings, Watcher watcher, params IImModule[] modules)
    {
        string[] args = [$"--Im:Health:Listen=http://127.0.0.1:{FreePort.Next()}", .. settings.Select(setting => "--Im:" + setting)];
        var app = ImHost.Create(args, modules);
        var host = new PresenceHost(app, watcher);
        var back = app.Services.GetService<RedisConnection>() is null ? Task.CompletedTask : host.RedisBackAsync();
        await app.StartAsync(Cancel);
        await app.Services.GetRequiredService<StorageState>().Ready.WaitAsync(StartLimit, Cancel);
        await back;
        Assert.Equal(BusHealthStatus.Healthy, await app.Services.GetRequiredService<IBusControl>().WaitForHealthStatus(BusHealthStatus.Healthy, StartLimit));
        return host;
    }

    /// <summary>Completes when Redis answers the next time that it was away; with its start in between, which takes its time on a busy machine.</summary>
    public Task RedisBackAsync()
    {
        var back = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _app.Services.GetRequiredService<RedisConnection>().Restored += () =>
        {
            // What is told after it is news, even where it is what was told before.
            _told.Clear();
            back.TrySetResult();
        };
        return back.Task.WaitAsync(RedisLimit, Cancel);
    }

    /// <summary>Nobody does beside the test what it does itself.</summary>
    public async Task<PresenceRounds> StopRoundsAsync()
    {
        var rounds = Get<IEnumerable<IHostedService>>().OfType<PresenceRounds>().Single();
        await rounds.StopAsync(Cancel);
        return rounds;
    }

    public async Task ReportAsync(params PresenceReport[] reports) => Assert.True(await Patiently.UntilAsync(
        () => Get<BusCalls>().TryPublishAsync(new ReportPresence("gateway", reports), Cancel), isPublished => isPublished));

    public async Task ConnectAsync(long user, Route route)
    {
        _gateways.Add(route.Boot);
        await Patiently.UntilAsync(() => Routes.RegisterAsync(user, route, Cancel));
        await ReportAsync(new PresenceReport(user, PresenceSignal.RoutesChanged));
    }

    public async Task DisconnectAsync(long user, Route route)
    {
        await Patiently.UntilAsync(async () =>
        {
            await Routes.RemoveAsync(user, route, Cancel);
            return true;
        });
        await ReportAsync(new PresenceReport(user, PresenceSignal.RoutesChanged));
    }

    public Task ChooseAsync(long user, Route where, string status) => ReportAsync(new PresenceReport(user, PresenceSignal.StatusChosen, status, where.DeviceKey));

    /// <summary>
    /// The next news that were published, of whomever. What says the same of a user as before is passed over: a change is published at least once, and a round
    /// that runs beside a report may publish it again.
    /// </summary>
    public async Task<PresenceState> NextAsync(TimeSpan? limit = null)
    {
        while (true)
        {
            var state = await _watcher.States.Reader.ReadAsync(Cancel).AsTask().WaitAsync(limit ?? NewsLimit, Cancel);
            if (_told.GetValueOrDefault(state.UserId) == state) continue;
            _told[state.UserId] = state;
            return state;
        }
    }

    /// <summary>Nothing is published before the change of a user who comes only now.</summary>
    public async Task NothingElseIsPublishedAsync()
    {
        var marker = Ids.Next(TimeProvider.System);
        await ConnectAsync(marker, new Route(marker, "marker", 1, 1));
        Assert.Equal(marker, (await NextAsync()).UserId);
    }

    public Task<CallResult<PresenceListed>> AskAsync(params long[] users) =>
        Get<BusCalls>().AskAsync<GetPresence, PresenceListed>(new GetPresence(users), Cancel);

    public async Task<PresenceState> StateAsync(long user) =>
        Assert.Single((await Patiently.UntilAsync(() => AskAsync(user), answer => answer.IsOk)).Answer!.States);

    public async ValueTask DisposeAsync()
    {
        await _gateways.DisposeAsync();
        await _app.StopAsync(CancellationToken.None);
        await _app.DisposeAsync();
    }
}
