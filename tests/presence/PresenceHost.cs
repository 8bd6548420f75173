using System.Collections.Concurrent;
using System.Threading.Channels;
using Im.Contracts;
using Im.Contracts.Messages;
using Im.Hosting;
using Im.Hosting.Bus;
using Im.Hosting.Routes;
using Im.Hosting.Storage;
using Im.Local;
using MassTransit;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Route = Im.Hosting.Routes.Route;

namespace Im.Presence.Tests;

/// <summary>The presence module in a host, with a stand-in for gateways that reports and watches over the bus.</summary>
public sealed class PresenceHost : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly Watcher _watcher;
    private readonly ConcurrentDictionary<long, PresenceState> _told = [];

    private PresenceHost(WebApplication app, Watcher watcher) => (_app, _watcher) = (app, watcher);

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public IRouteTable Routes => _app.Services.GetRequiredService<IRouteTable>();

    public T Get<T>()
        where T : notnull => _app.Services.GetRequiredService<T>();

    /// <param name="settings">Beyond the section <c>Im</c>'s name; which bus, Redis and database.</param>
    public static Task<PresenceHost> StartAsync(IEnumerable<string> settings)
    {
        var watcher = new Watcher();
        return StartAsync(settings, watcher, new PresenceModule(), watcher);
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
        await app.Services.GetRequiredService<StorageState>().Ready.WaitAsync(TimeSpan.FromSeconds(10), Cancel);
        await back;
        await app.Services.GetRequiredService<IBusControl>().WaitForHealthStatus(BusHealthStatus.Healthy, TimeSpan.FromSeconds(20));
        return host;
    }

    /// <summary>Completes when Redis answers the next time that it was away.</summary>
    public Task RedisBackAsync()
    {
        var back = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _app.Services.GetRequiredService<RedisConnection>().Restored += () =>
        {
            // What is told after it is news, even where it is what was told before.
            _told.Clear();
            back.TrySetResult();
        };
        return back.Task.WaitAsync(TimeSpan.FromSeconds(15), Cancel);
    }

    public async Task ReportAsync(params PresenceReport[] reports) =>
        Assert.True(await Get<BusCalls>().TryPublishAsync(new ReportPresence("gateway", reports), Cancel));

    public async Task ConnectAsync(long user, Route route)
    {
        await Routes.RegisterAsync(user, route, Cancel);
        await ReportAsync(new PresenceReport(user, PresenceSignal.RoutesChanged));
    }

    public async Task DisconnectAsync(long user, Route route)
    {
        await Routes.RemoveAsync(user, route, Cancel);
        await ReportAsync(new PresenceReport(user, PresenceSignal.RoutesChanged));
    }

    public Task ChooseAsync(long user, Route where, string status) => ReportAsync(new PresenceReport(user, PresenceSignal.StatusChosen, status, where.DeviceKey));

    /// <summary>
    /// The next news that were published, of whomever. What says the same of a user as before is passed over: a change is published at least once, and a round
    /// that runs beside a report may publish it again.
    /// </summary>
    public async Task<PresenceState> NextAsync(int seconds = 30)
    {
        while (true)
        {
            var state = await _watcher.States.Reader.ReadAsync(Cancel).AsTask().WaitAsync(TimeSpan.FromSeconds(seconds), Cancel);
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

    public async Task<PresenceState> StateAsync(long user) => Assert.Single((await AskAsync(user)).Answer!.States);

    public async ValueTask DisposeAsync()
    {
        await _app.StopAsync(CancellationToken.None);
        await _app.DisposeAsync();
    }

    /// <summary>Watches everybody, as gateways do.</summary>
    private sealed class Watcher : IImModule
    {
        public Channel<PresenceState> States { get; } = Channel.CreateUnbounded<PresenceState>();

        public string Name => "watcher";

        public Door Door => Door.None;

        public void AddServices(IHostApplicationBuilder builder) => builder.Services.AddSingleton(States);

        public IEnumerable<BusEndpoint> Endpoints(NodeIdentity node) => [BusEndpoint.OfNode(Topology.GatewayEventQueue(node.Boot), typeof(Consumer))];

        public void Map(IEndpointRouteBuilder routes)
        {
            // It has no door.
        }

        private sealed class Consumer(Channel<PresenceState> states) : IConsumer<PresenceChanged>
        {
            public async Task Consume(ConsumeContext<PresenceChanged> context)
            {
                foreach (var state in context.Message.States) await states.Writer.WriteAsync(state, context.CancellationToken);
            }
        }
    }
}
