using Im.Contracts;
using Im.Contracts.Lanes;
using Im.Contracts.Messages;
using Im.Hosting.Lanes;
using Im.Hosting.Routes;
using Im.Message.Commit;
using Im.Message.Hints;
using Im.Message.Log;
using Im.Message.Tests.Commit;
using Im.Message.Typing;
using MassTransit;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using static Im.Message.Tests.Asked;

namespace Im.Message.Tests.Typing;

/// <summary>A report of who types: told while it is young.</summary>
public sealed class ReportTypingTests : IAsyncLifetime
{
    private readonly LogDouble _log = new() { Audiences = { [Team] = new MemberList([Ann, Bob]) } };
    private readonly LanesDouble _lanes = new();
    private readonly LateTime _time = new();
    private ServiceProvider? _provider;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        var routes = new MemoryRouteTable(TimeProvider.System);
        await routes.RegisterAsync(Bob, new Route(3, "node-b", 30, 1), Cancel);
        var services = new ServiceCollection();
        services.AddSingleton(typeof(ILogger<>), typeof(NullLogger<>));
        services.AddSingleton<ILoggerFactory>(NullLoggerFactory.Instance);
        services.AddSingleton<IMessageLog>(_log).AddSingleton<IMessageLanes>(_lanes).AddSingleton<IRouteTable>(routes);
        services.AddSingleton<TimeProvider>(_time).AddSingleton(Unheard.Metrics).AddSingleton<HintSender>();
        services.AddMassTransit(bus =>
        {
            bus.DisableUsageTelemetry();
            bus.AddConsumer<ReportTypingConsumer>();
            bus.UsingInMemory((context, memory) => memory.ReceiveEndpoint("typing", receive => receive.ConfigureConsumer<ReportTypingConsumer>(context)));
        });
        _provider = services.BuildServiceProvider();
        await _provider.GetRequiredService<HintSender>().StartAsync(Cancel);
        await _provider.GetRequiredService<IBusControl>().StartAsync(Cancel);
    }

    public async ValueTask DisposeAsync()
    {
        await _provider!.GetRequiredService<IBusControl>().StopAsync(CancellationToken.None);
        await _provider!.GetRequiredService<HintSender>().StopAsync(CancellationToken.None);
        await _provider!.DisposeAsync();
    }

    [Fact]
    public async Task A_young_report_is_told_once_for_each_who_types()
    {
        await PublishAsync(Ann, Ann, Dora);
        var (boot, envelope) = await NextAsync();
        Assert.Equal("node-b", boot);
        var typing = Assert.Single(envelope.Typings);
        Assert.Equal((Team, Ann), (typing.Conversation, typing.User));
        Assert.Equal([Bob], typing.Users);
    }

    [Fact]
    public async Task A_report_that_is_five_seconds_old_is_dropped()
    {
        _time.Behind = ReportTyping.Lifetime + TimeSpan.FromSeconds(60);
        await PublishAsync(Ann);
        await _time.AskedAsync();
        _time.Behind = TimeSpan.Zero;
        _log.Audiences[ConversationId.Group(7)] = new MemberList([Cem, Bob]);
        await _provider!.GetRequiredService<IBus>().Publish(new ReportTyping([new UserTyped(Cem, ConversationId.Group(7).ToGuid())]), Cancel);
        Assert.Equal(Cem, Assert.Single((await NextAsync()).Envelope.Typings).User);
    }

    private Task PublishAsync(params long[] users) =>
        _provider!.GetRequiredService<IBus>().Publish(new ReportTyping([.. users.Select(user => new UserTyped(user, Team.ToGuid()))]), Cancel);

    private Task<(string Boot, Envelope Envelope)> NextAsync() => _lanes.HandedOver.ReadAsync(Cancel).AsTask().WaitAsync(TimeSpan.FromSeconds(60), Cancel);

    /// <summary>A clock that is ahead of who sent, and tells when it was looked at.</summary>
    private sealed class LateTime : TimeProvider
    {
        private readonly TaskCompletionSource _asked = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public TimeSpan Behind { get; set; }

        public Task AskedAsync() => _asked.Task.WaitAsync(TimeSpan.FromSeconds(60), Cancel);

        public override DateTimeOffset GetUtcNow()
        {
            var now = base.GetUtcNow() + Behind;
            _asked.TrySetResult();
            return now;
        }
    }
}
