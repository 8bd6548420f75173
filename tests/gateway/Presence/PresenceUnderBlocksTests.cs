namespace Im.Gateway.Tests.Presence;

/// <summary>Blocks that begin and end while the two watch each other. A marker user shows that nothing else was told.</summary>
public sealed class PresenceUnderBlocksTests : IAsyncLifetime
{
    private GatewayHost _host = null!;
    private long _ann, _bob, _marker;
    private WatchingClient _anns = null!, _bobs = null!;

    public async ValueTask InitializeAsync()
    {
        _host = await GatewayHost.StartAsync();
        (_ann, _bob, _marker) = await _host.UsersAsync("ann", "bob", "marker") is [var ann, var bob, var marker] ? (ann, bob, marker) : default;
        (_anns, _bobs) = (await _host.ConnectAsync(_ann), await _host.ConnectAsync(_bob));
        await WatchUntilOnlineAsync(_anns, _bob);
        await WatchUntilOnlineAsync(_bobs, _ann);
    }

    public async ValueTask DisposeAsync()
    {
        await _anns.DisposeAsync();
        await _bobs.DisposeAsync();
        await _host.DisposeAsync();
    }

    [Fact]
    public async Task A_block_shows_each_of_the_two_as_offline_at_once_and_its_end_shows_the_truth()
    {
        await _host.BlockAsync(_ann, _bob, true);
        Assert.Equal((_bob, "offline", false), await _anns.NextAsync());
        Assert.Equal((_ann, "offline", false), await _bobs.NextAsync());

        await _anns.SendAsync("""{"t":"status","status":"busy"}""");
        await NothingElseIsToldAsync(_bobs);
        await _host.BlockAsync(_ann, _bob, false);
        Assert.Equal((_ann, "busy", false), await _bobs.NextAsync());
        Assert.Equal((_bob, "online", false), await _anns.NextAsync());
    }

    [Fact]
    public async Task As_long_as_one_of_the_two_blocks_neither_sees_the_other()
    {
        await _host.BlockAsync(_ann, _bob, true);
        await _host.BlockAsync(_bob, _ann, true);
        Assert.Equal((_bob, "offline", false), await _anns.NextAsync());
        Assert.Equal((_ann, "offline", false), await _bobs.NextAsync());
        await _host.BlockAsync(_ann, _bob, false);
        await NothingElseIsToldAsync(_anns);
        await _host.BlockAsync(_bob, _ann, false);
        Assert.Equal((_bob, "online", false), await _anns.NextAsync());
    }

    [Fact]
    public async Task News_of_a_block_that_come_late_are_undone_by_what_is_stored()
    {
        await _host.TellAsync(_ann, _bob, true);
        Assert.Equal((_bob, "offline", false), await _anns.NextAsync());
        Assert.Equal((_bob, "online", false), await _anns.NextAsync());
    }

    [Fact]
    public async Task Lost_news_are_made_good_by_the_next_watch()
    {
        await _host.BlockAsync(_ann, _bob, true, tell: false);
        await _bobs.WatchAsync(_ann);
        Assert.Equal((_ann, "offline", false), await _bobs.NextAsync());
        await _host.BlockAsync(_ann, _bob, false, tell: false);
        await _bobs.WatchAsync(_ann);
        Assert.Equal((_ann, "online", false), await _bobs.NextAsync());
    }

    private async Task NothingElseIsToldAsync(WatchingClient watcher)
    {
        await watcher.WatchAsync(_marker);
        Assert.Equal((_marker, "offline", false), await watcher.NextAsync());
        await using (await _host.ConnectAsync(_marker)) Assert.Equal((_marker, "online", false), await watcher.NextAsync());
        Assert.Equal((_marker, "offline", true), await watcher.NextAsync());
    }

    private static async Task WatchUntilOnlineAsync(WatchingClient watcher, long user)
    {
        await watcher.WatchAsync(user);
        while ((await watcher.NextAsync()).Status != "online")
        {
        }
    }
}
