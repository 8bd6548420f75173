using System.Diagnostics;
using Im.Contracts.Messages;
using Im.Hosting.Routes;
using Im.Presence.Board;
using Im.Presence.Seen;

namespace Im.Presence.Tests;

/// <summary>The service as gateways see it, with its state in the process and in Redis.</summary>
public abstract class PresenceFlowSpec : IAsyncLifetime
{
    private const long Ann = 101;
    private const long Bob = 102;
    private static readonly Route Phone = new(1, "boot-1", 11, 1);
    private static readonly Route Desk = new(2, "boot-2", 12, 2);
    private PresenceHost? _host;

    protected static CancellationToken Cancel => TestContext.Current.CancellationToken;

    protected string Folder { get; } = Directory.CreateTempSubdirectory("im-presence-tests-").FullName;

    protected PresenceHost Host => _host!;

    /// <summary>The settings of this kind of host, on fresh data at the first call.</summary>
    protected abstract Task<IReadOnlyList<string>> SettingsAsync();

    protected async Task<PresenceHost> StartAsync() => _host = await PresenceHost.StartAsync(await SettingsAsync(), _host);

    public virtual async ValueTask InitializeAsync() => await StartAsync();

    public virtual async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        if (_host is not null) await _host.DisposeAsync();
        Directory.Delete(Folder, recursive: true);
    }

    [Fact]
    public async Task Who_connects_is_published_as_online()
    {
        await Host.ConnectAsync(Ann, Phone);
        Assert.Equal(new PresenceState(Ann, "online", null), await Host.NextAsync());
        Assert.Equal(new PresenceState(Ann, "online", null), await Host.StateAsync(Ann));
    }

    [Fact]
    public async Task What_others_already_know_is_not_published_again()
    {
        await Host.ConnectAsync(Ann, Phone);
        await Host.NextAsync();
        await Host.ConnectAsync(Ann, Desk);
        await Host.DisconnectAsync(Ann, Phone);
        await Host.ChooseAsync(Ann, Desk, "online");
        await Host.ReportAsync(new PresenceReport(Ann, PresenceSignal.Beat), new PresenceReport(Ann, PresenceSignal.RoutesChanged));
        await Host.NothingElseIsPublishedAsync();
    }

    [Theory]
    [InlineData("away")]
    [InlineData("busy")]
    public async Task A_chosen_status_is_published_and_forgotten_with_the_last_connection(string status)
    {
        await Host.ConnectAsync(Ann, Phone);
        await Host.NextAsync();
        await Host.ChooseAsync(Ann, Phone, status);
        Assert.Equal(new PresenceState(Ann, status, null), await Host.NextAsync());
        await Host.DisconnectAsync(Ann, Phone);
        Assert.Equal("offline", (await Host.NextAsync()).Status);
        await Host.ConnectAsync(Ann, Phone);
        Assert.Equal("online", (await Host.NextAsync()).Status);
    }

    [Fact]
    public async Task Of_several_devices_the_most_available_is_shown_and_one_that_goes_takes_its_choice_along()
    {
        await Host.ConnectAsync(Ann, Phone);
        await Host.NextAsync();
        await Host.ConnectAsync(Ann, Desk);
        await Host.ChooseAsync(Ann, Desk, "busy");
        await Host.NothingElseIsPublishedAsync();
        await Host.ChooseAsync(Ann, Phone, "away");
        Assert.Equal("away", (await Host.NextAsync()).Status);
        await Host.DisconnectAsync(Ann, Phone);
        Assert.Equal("busy", (await Host.NextAsync()).Status);
        await Host.ConnectAsync(Ann, Phone);
        Assert.Equal("online", (await Host.NextAsync()).Status);
    }

    [Fact]
    public async Task Who_is_invisible_goes_and_comes_back_like_everybody_else()
    {
        await Host.ConnectAsync(Ann, Phone);
        await Host.NextAsync();
        await Host.ChooseAsync(Ann, Phone, "invisible");
        var gone = await Host.NextAsync();
        Assert.Equal("offline", gone.Status);
        Assert.NotNull(gone.LastSeen);
        Assert.Equal(gone, await Host.StateAsync(Ann));
        await Host.ChooseAsync(Ann, Phone, "online");
        Assert.Equal(new PresenceState(Ann, "online", null), await Host.NextAsync());
    }

    [Fact]
    public async Task When_an_invisible_user_really_goes_nothing_shows()
    {
        await Host.ConnectAsync(Ann, Phone);
        await Host.NextAsync();
        await Host.ChooseAsync(Ann, Phone, "invisible");
        var gone = await Host.NextAsync();
        await Host.DisconnectAsync(Ann, Phone);
        await Host.NothingElseIsPublishedAsync();
        Assert.Equal(gone, await Host.StateAsync(Ann));
    }

    [Fact]
    public async Task Who_disconnects_is_offline_since_then()
    {
        await Host.ConnectAsync(Ann, Phone);
        await Host.NextAsync();
        var before = DateTimeOffset.UtcNow.ToUnixTimeMilliseconds();
        await Host.DisconnectAsync(Ann, Phone);
        var gone = await Host.NextAsync();
        Assert.Equal("offline", gone.Status);
        Assert.InRange(gone.LastSeen!.Value, before, DateTimeOffset.UtcNow.ToUnixTimeMilliseconds());
        Assert.Equal(gone, await Host.StateAsync(Ann));
    }

    [Fact]
    public async Task Last_seen_outlives_the_process()
    {
        await Host.ConnectAsync(Ann, Phone);
        await Host.NextAsync();
        await Host.DisconnectAsync(Ann, Phone);
        var gone = await Host.NextAsync();
        await Host.DisposeAsync();
        await StartAsync();
        Assert.Equal(gone, await Host.StateAsync(Ann));
    }

    [Fact]
    public async Task Users_are_answered_in_the_order_asked_and_strangers_were_never_seen()
    {
        await Host.ConnectAsync(Bob, Desk);
        await Host.NextAsync();
        var states = (await Host.AskAsync(Ann, Bob, 999, Bob)).Answer!.States;
        Assert.Equal([new(Ann, "offline", null), new(Bob, "online", null), new(999, "offline", null), new(Bob, "online", null)], states);
    }

    [Fact]
    public async Task More_than_a_thousand_users_at_once_are_refused()
    {
        var result = await Host.AskAsync([.. Enumerable.Range(1, 1001).Select(i => (long)i)]);
        Assert.Equal("invalid", result.Refused!.Code);
    }

    [Fact]
    public async Task Users_of_a_gateway_that_dies_are_offline_within_twenty_seconds()
    {
        // Not by the host, which renews the leases of its gateways.
        await Patiently.UntilAsync(() => Host.Routes.RegisterAsync(Ann, Phone, Cancel));
        var before = Stopwatch.GetTimestamp();
        await Patiently.UntilAsync(() => Host.Routes.RenewLeaseAsync(Phone.Boot, Cancel));
        var died = Stopwatch.GetTimestamp();
        await Host.ReportAsync(new PresenceReport(Ann, PresenceSignal.RoutesChanged));
        Assert.Equal((Ann, "online"), await NextOfAsync());
        Assert.Equal((Ann, "offline"), await NextOfAsync(TimeSpan.FromSeconds(20) - Stopwatch.GetElapsedTime(died)));
        Assert.True(Stopwatch.GetElapsedTime(before) > TimeSpan.FromSeconds(5), "the gateway had not been gone for as long as a lease");
        Assert.Empty((await Host.Routes.LookUpAsync([Ann], Cancel))[0]);

        async Task<(long, string)> NextOfAsync(TimeSpan? limit = null)
        {
            var state = await Host.NextAsync(limit);
            return (state.UserId, state.Status);
        }
    }

    [Fact]
    public async Task Reports_at_once_in_any_order_end_at_the_truth()
    {
        await Host.StopRoundsAsync();
        var refresh = Host.Get<PresenceRefresh>();
        for (var round = 0; round < 20; round++)
        {
            var flapping = Enumerable.Range(0, 8).Select(i => Task.Run(async () =>
            {
                if (i % 2 == 0) await Host.Routes.RegisterAsync(Ann, Phone with { Epoch = round }, Cancel);
                else await Host.Routes.RemoveAsync(Ann, Phone, Cancel);
                await refresh.LookAsync([new Look(Ann), new Look(Bob)], Cancel);
            }));
            await Task.WhenAll(flapping);
            var here = (await Host.Routes.LookUpAsync([Ann], Cancel))[0].Count > 0;
            var record = (await Host.Get<IPresenceBoard>().ReadAsync([Ann], Cancel))[0];
            Assert.Equal(here ? VisibleStatus.Online : VisibleStatus.Offline, record.Status);
            Assert.True(record.Announced);
        }
    }

    [Fact]
    public async Task A_route_that_went_without_a_report_is_noticed()
    {
        await Host.ConnectAsync(Ann, Phone);
        await Host.NextAsync();
        await Host.Routes.RemoveAsync(Ann, Phone, Cancel);
        Assert.Equal("offline", (await Host.NextAsync()).Status);
    }

    [Fact]
    public async Task A_beat_keeps_last_seen_of_who_is_seen_and_not_of_who_is_invisible()
    {
        var rounds = await Host.StopRoundsAsync();
        await Host.Routes.RegisterAsync(Ann, Phone, Cancel);
        await Host.Routes.RegisterAsync(Bob, Desk, Cancel);
        await Host.Get<PresenceRefresh>().LookAsync([new Look(Ann), new Look(Bob, [new StatusChoice(Desk.DeviceKey, ChosenStatus.Invisible, 1)])], Cancel);
        var hidden = (await Host.Get<IPresenceBoard>().ReadAsync([Bob], Cancel))[0].LastSeen;
        Host.Get<BeatGate>().Note(Ann);
        Host.Get<BeatGate>().Note(Bob);
        await rounds.RoundAsync(Cancel);
        await Host.Get<LastSeenWriter>().FlushAsync(Cancel);
        var seen = await Host.Get<LastSeenTable>().ReadAsync([Ann, Bob], Cancel);
        Assert.Equal(hidden, seen[Bob]);
        Assert.True(seen[Ann] >= hidden);
    }
}

public sealed class MemoryPresenceFlowTests : PresenceFlowSpec
{
    protected override Task<IReadOnlyList<string>> SettingsAsync() =>
        Task.FromResult<IReadOnlyList<string>>([$"Database=Data Source={Path.Combine(Folder, "im.db")}"]);
}
