using Im.Contracts.Messages;
using Im.Hosting.Routes;
using Im.Hosting.Tests.Routes;

namespace Im.Presence.Tests;

/// <summary>As a process of its own, over real servers: what a restart of presence, and of Redis, changes for others.</summary>
public sealed class FullPresenceFlowTests(Servers servers) : PresenceFlowSpec
{
    private static readonly Route Phone = new(1, "boot-1", 11, 1);

    private string? _database;

    protected override async Task<IReadOnlyList<string>> SettingsAsync()
    {
        _database ??= await servers.NewDatabaseAsync();
        return [$"Database={_database}", $"Bus={(await servers.RabbitAsync()).Uri}", $"Redis={(await servers.RedisAsync()).ConnectionString}"];
    }

    public override async ValueTask InitializeAsync()
    {
        await using (var client = await RedisClient.OpenAsync(await servers.RedisAsync())) await client.RunAsync(db => db.ExecuteAsync("FLUSHALL"));
        await base.InitializeAsync();
    }

    [Fact]
    public async Task A_restart_of_presence_loses_nobody_and_publishes_nothing()
    {
        await Host.ConnectAsync(1, Phone);
        await Host.NextAsync();
        await Host.ChooseAsync(1, Phone, "busy");
        await Host.NextAsync();
        await Host.DisposeAsync();
        await StartAsync();
        await Host.ReportAsync(new PresenceReport(1, PresenceSignal.RoutesChanged));
        await Host.NothingElseIsPublishedAsync();
        Assert.Equal(new PresenceState(1, "busy", null), await Host.StateAsync(1));
    }

    [Fact]
    public async Task Who_went_while_presence_was_away_is_noticed_after_its_return()
    {
        // A watcher that starts with presence may be bound only after the news.
        await using var gateway = await PresenceHost.StartGatewayAsync(await SettingsAsync());
        await gateway.ConnectAsync(1, Phone);
        Assert.Equal("online", (await gateway.NextAsync()).Status);
        await Host.DisposeAsync();
        await using (var client = await RedisClient.OpenAsync(await servers.RedisAsync()))
        {
            var routes = new RedisRouteTable(client.Connection);
            await Patiently.UntilAsync(async () =>
            {
                await routes.RemoveAsync(1, Phone, Cancel);
                return true;
            });
        }

        await StartAsync();
        Assert.Equal("offline", (await gateway.NextAsync()).Status);
    }

    [Fact]
    public async Task While_Redis_is_away_presence_is_unavailable_and_after_an_empty_return_reports_restore_it()
    {
        await Host.ConnectAsync(1, Phone);
        await Host.NextAsync();
        var redis = await servers.RedisAsync();
        redis.Kill();
        await redis.Exited.WaitAsync(Cancel);
        var back = Host.RedisBackAsync();
        Assert.Equal("unavailable", (await Host.AskAsync(1)).Refused!.Code);
        await Host.ReportAsync(new PresenceReport(1, PresenceSignal.RoutesChanged));
        await redis.StartAsync(Cancel);
        await back;
        Assert.Equal("offline", (await Host.StateAsync(1)).Status);
        await Host.ConnectAsync(1, Phone);
        Assert.Equal("online", (await Host.NextAsync()).Status);
    }
}
