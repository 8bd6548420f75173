using Im.Hosting.Routes;
using Im.Hosting.Tests.Routes;
using Im.Presence.Board;

namespace Im.Presence.Tests;

/// <summary>What both boards keep.</summary>
public abstract class PresenceBoardSpec : IAsyncLifetime
{
    private static readonly PresenceRecord Online = PresenceRecord.Unknown.Look([new Route(1, "a", 1, 1)], [], 1000);
    private IPresenceBoard? _board;

    protected static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private IPresenceBoard Board => _board!;

    protected abstract Task<IPresenceBoard> OpenAsync();

    public async ValueTask InitializeAsync() => _board = await OpenAsync();

    public virtual ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        return ValueTask.CompletedTask;
    }

    [Fact]
    public async Task Records_come_in_the_order_asked_and_unknown_where_there_is_none()
    {
        Assert.Equal(new[] { true }, await Board.ReplaceAsync([new(1, PresenceRecord.Unknown, Online)], Cancel));
        Assert.Equal([PresenceRecord.Unknown, Online, PresenceRecord.Unknown], await Board.ReadAsync([2, 1, 3], Cancel));
        Assert.Empty(await Board.ReadAsync([], Cancel));
        Assert.Empty(await Board.ReplaceAsync([], Cancel));
    }

    [Fact]
    public async Task A_record_that_changed_since_it_was_read_is_not_overwritten()
    {
        var away = Online.Look([new Route(1, "a", 1, 1)], [new(1, ChosenStatus.Away, 5)], 2000);
        await Board.ReplaceAsync([new(1, PresenceRecord.Unknown, Online), new(2, PresenceRecord.Unknown, Online)], Cancel);
        Assert.Equal(new[] { false, true }, await Board.ReplaceAsync([new(1, PresenceRecord.Unknown, away), new(2, Online, away)], Cancel));
        Assert.Equal([Online, away], await Board.ReadAsync([1, 2], Cancel));
    }

    [Fact]
    public async Task Of_many_who_write_over_the_same_record_one_wins()
    {
        var results = await Task.WhenAll(Enumerable.Range(0, 50).Select(i => Board.ReplaceAsync([new(1, PresenceRecord.Unknown, Online with { LastSeen = i })], Cancel)));
        Assert.Single(results, result => result[0]);
    }

    [Fact]
    public async Task Whoever_is_here_or_unannounced_is_looked_at_again_and_nobody_else()
    {
        var gone = Online.Look([], [], 2000);
        var hidden = Online.Look([new Route(1, "a", 1, 1)], [new(1, ChosenStatus.Invisible, 5)], 2000);
        await Board.ReplaceAsync(
            [
                new(1, PresenceRecord.Unknown, Online),
                new(2, PresenceRecord.Unknown, Online.AsAnnounced()),
                new(3, PresenceRecord.Unknown, gone),
                new(4, PresenceRecord.Unknown, gone.AsAnnounced()),
                new(5, PresenceRecord.Unknown, hidden.AsAnnounced()),
            ],
            Cancel);
        Assert.Equal([1, 2, 3, 5], (await Board.NextToCheckAsync(100, Cancel)).Order());
    }

    [Fact]
    public async Task Everybody_has_his_turn()
    {
        var users = Enumerable.Range(1, 1000).Select(i => (long)i).ToArray();
        await Board.ReplaceAsync([.. users.Select(user => new PresenceUpdate(user, PresenceRecord.Unknown, Online.AsAnnounced()))], Cancel);
        var seen = new HashSet<long>();
        for (var round = 0; round < 200 && seen.Count < users.Length; round++) seen.UnionWith(await Board.NextToCheckAsync(50, Cancel));
        Assert.Equal(users, seen.Order());
    }
}

public sealed class MemoryPresenceBoardTests : PresenceBoardSpec
{
    private readonly MemoryPresenceBoard _board = new(TimeProvider.System);

    protected override Task<IPresenceBoard> OpenAsync() => Task.FromResult<IPresenceBoard>(_board);

    public override ValueTask DisposeAsync()
    {
        _board.Dispose();
        return base.DisposeAsync();
    }
}

public sealed class RedisPresenceBoardTests(Servers servers) : PresenceBoardSpec
{
    private RedisClient? _redis;

    protected override async Task<IPresenceBoard> OpenAsync()
    {
        _redis = await RedisClient.OpenAsync(await servers.RedisAsync());
        await _redis.RunAsync(db => db.ExecuteAsync("FLUSHALL"));
        return new PatientBoard(new RedisPresenceBoard(_redis.Connection));
    }

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        if (_redis is not null) await _redis.DisposeAsync();
    }

    /// <summary>Its calls are repeated while Redis does not answer.</summary>
    private sealed class PatientBoard(RedisPresenceBoard board) : IPresenceBoard
    {
        public Task<PresenceRecord[]> ReadAsync(IReadOnlyList<long> users, CancellationToken cancel) =>
            Patiently.UntilAsync(() => board.ReadAsync(users, cancel));

        public Task<bool[]> ReplaceAsync(IReadOnlyList<PresenceUpdate> updates, CancellationToken cancel) =>
            Patiently.UntilAsync(() => board.ReplaceAsync(updates, cancel));

        public Task<IReadOnlyList<long>> NextToCheckAsync(int limit, CancellationToken cancel) =>
            Patiently.UntilAsync(() => board.NextToCheckAsync(limit, cancel));
    }
}
