using System.Diagnostics;
using Im.Accounts.Tests.Hosts;
using Im.Contracts;
using Im.Contracts.Messages;
using Im.Hosting.Sessions;
using Im.Session;

namespace Im.Accounts.Tests.Stores;

public abstract class SessionStoreSpecification : StoreSpecification
{
    private const long Day = 24 * 60 * 60 * 1000;

    private static readonly ConversationId Conversation = ConversationId.Group(7);
    private static readonly ConversationId Other = ConversationId.Group(8);

    private SessionReader Reader => new(Host.Database);

    [Fact]
    [Trait("abuse", "41")]
    public async Task An_open_session_is_found_by_the_hash_of_its_secret_and_by_nothing_else()
    {
        var user = await UserAsync("alice");
        var session = await OpenAsync(user, new("phone", "Ann's", "android"));

        Assert.True(SessionId.TryHash(session.SessionId, out var hash));
        var found = await Reader.FindAsync(hash, Cancel);

        Assert.Equal((session.SessionKey, user, "phone", session.ExpiresAt), (found!.SessionKey, found.UserId, found.DeviceId, found.ExpiresAt));
        Assert.True(SessionId.TryHash(SessionId.New(), out var unknown));
        Assert.Null(await Reader.FindAsync(unknown, Cancel));
    }

    [Fact]
    public async Task A_device_that_comes_again_keeps_its_key_and_cursors_and_ends_its_older_session()
    {
        var user = await UserAsync("alice");
        var first = await OpenAsync(user, new("phone", "old name", null));
        await MarkAsync(user, Conversation, 50);
        await ExecuteAsync("INSERT INTO cursors (device_key, conversation, seq) SELECT device_key, @Conversation, 5 FROM devices", new { Conversation });

        var outcome = await Sessions.OpenAsync([new(user, new("phone", "new name", null))], Cancel);

        Assert.Equal([first.SessionKey], outcome.Ended);
        var listed = Assert.Single(await Sessions.ListAsync(user, Cancel));
        Assert.Equal((outcome.Opened[0].SessionKey, "phone", "new name"), (listed.SessionKey, listed.DeviceId, listed.Name));
        Assert.Equal(1, await ReadAsync<long>("SELECT count(*) FROM devices"));
        Assert.Equal(5, await ReadAsync<long>("SELECT seq FROM cursors"));
    }

    [Fact]
    public async Task A_new_devices_cursors_are_fixed_at_what_was_delivered_at_that_moment()
    {
        var (user, stranger) = (await UserAsync("alice"), await UserAsync("bob"));
        await MarkAsync(user, Conversation, 41);
        await MarkAsync(user, Other, 0);
        await MarkAsync(stranger, Conversation, 99);

        await OpenAsync(user, null);
        await ExecuteAsync("UPDATE marks SET delivered = 60 WHERE user_id = @user", new { user });

        Assert.Equal(1, await ReadAsync<long>("SELECT count(*) FROM cursors"));
        Assert.Equal(41, await ReadAsync<long>("SELECT seq FROM cursors WHERE conversation = @Conversation", new { Conversation }));
    }

    [Fact]
    public async Task The_same_device_id_of_two_users_is_two_devices()
    {
        var (alice, bob) = (await OpenAsync(await UserAsync("alice"), new("phone", null, null)), await OpenAsync(await UserAsync("bob"), new("phone", null, null)));

        Assert.Equal(2, await ReadAsync<long>("SELECT count(DISTINCT device_key) FROM sessions WHERE ended_at IS NULL"));
        Assert.NotEqual(alice.SessionKey, bob.SessionKey);
    }

    [Fact]
    [Trait("abuse", "49")]
    public async Task The_eleventh_session_ends_the_one_idle_longest()
    {
        var user = await UserAsync("alice");
        var keys = new List<long>();
        for (var i = 0; i < 10; i++) keys.Add((await OpenAsync(user, null)).SessionKey);
        await ExecuteAsync("UPDATE sessions SET last_seen_at = last_seen_at - 1000 WHERE session_key <> @used", new { used = keys[0] });
        await ExecuteAsync("UPDATE sessions SET last_seen_at = last_seen_at - 3600000 WHERE session_key = @idle", new { idle = keys[4] });

        var outcome = await Sessions.OpenAsync([new(user, null)], Cancel);

        Assert.Equal([keys[4]], outcome.Ended);
        Assert.Equal(10, (await Sessions.ListAsync(user, Cancel)).Count);
    }

    [Fact]
    public async Task Many_logins_at_once_leave_ten_sessions()
    {
        var user = await UserAsync("alice");

        await AtOnceAsync(30, () => Sessions.OpenAsync([new(user, null)], Cancel));

        Assert.Equal(10, (await Sessions.ListAsync(user, Cancel)).Count);
    }

    [Fact]
    public async Task Many_logins_of_one_device_at_once_leave_one_session()
    {
        var user = await UserAsync("alice");

        await AtOnceAsync(20, () => Sessions.OpenAsync([new(user, new("phone", null, null))], Cancel));

        Assert.Single(await Sessions.ListAsync(user, Cancel));
        Assert.Equal(1, await ReadAsync<long>("SELECT count(*) FROM devices"));
    }

    [Fact]
    public async Task A_thousand_users_get_their_sessions_at_once_in_the_order_asked()
    {
        var users = (await Accounts.EnsureAsync([.. Enumerable.Range(0, 1000).Select(i => (Name($"user-{i}"), (string?)null))], Cancel))
            .Select(user => user.UserId).Reverse().ToList();
        foreach (var user in users.Take(10)) await MarkAsync(user, Conversation, 3);

        var watch = Stopwatch.StartNew();
        var outcome = await Sessions.OpenAsync([.. users.Select(user => new SessionWish(user, null))], Cancel);

        TestContext.Current.SendDiagnosticMessage("1,000 sessions in {0} ms", watch.ElapsedMilliseconds);
        Assert.Equal(users, outcome.Opened.Select(session => session.UserId));
        Assert.Equal(1000, outcome.Opened.Select(session => session.SessionId).Distinct().Count());
        Assert.Equal(10, await ReadAsync<long>("SELECT count(*) FROM cursors"));
        Assert.True(SessionId.TryHash(outcome.Opened[500].SessionId, out var hash));
        Assert.Equal(users[500], (await Reader.FindAsync(hash, Cancel))!.UserId);
    }

    [Fact]
    public async Task Nobody_gets_a_session_when_one_of_the_batch_is_unknown_or_disabled()
    {
        var (alice, bob) = (await UserAsync("alice"), await UserAsync("bob"));
        await Accounts.DisableAsync(bob, true, Cancel);

        Assert.Equal("not_found", (await Sessions.OpenAsync([new(alice, null), new(12345, null)], Cancel)).Refused!.Code);
        Assert.Equal("forbidden", (await Sessions.OpenAsync([new(alice, null), new(bob, null)], Cancel)).Refused!.Code);
        Assert.Empty(await Sessions.ListAsync(alice, Cancel));
    }

    [Fact]
    public async Task Ending_takes_one_or_all_or_all_but_one_and_only_the_users_own()
    {
        var (user, other) = (await UserAsync("alice"), await UserAsync("bob"));
        var keys = new List<long>();
        for (var i = 0; i < 4; i++) keys.Add((await OpenAsync(user, null)).SessionKey);
        var foreign = (await OpenAsync(other, null)).SessionKey;

        Assert.Empty(await Sessions.EndAsync(new(user, foreign), Cancel));
        Assert.Equal([keys[1]], await Sessions.EndAsync(new(user, keys[1]), Cancel));
        Assert.Empty(await Sessions.EndAsync(new(user, keys[1]), Cancel));
        Assert.Equal([keys[0], keys[2]], (await Sessions.EndAsync(new(user, null, keys[3]), Cancel)).Order());
        Assert.Equal([keys[3]], await Sessions.EndAsync(new(user, null), Cancel));
        Assert.Single(await Sessions.ListAsync(other, Cancel));
        Assert.Equal(keys, (await Reader.EndedAsync([.. keys, foreign], Cancel)).Order());
    }

    [Fact]
    [Trait("abuse", "49")]
    public async Task Use_moves_the_end_up_to_the_absolute_one()
    {
        var user = await UserAsync("alice");
        var key = (await OpenAsync(user, null)).SessionKey;
        async Task<double> DaysLeftAfterAsync(int age)
        {
            await ExecuteAsync(
                $"UPDATE sessions SET created_at = {Host.Database.Now} - @age, expires_at = {Host.Database.Now} + 1000", new { age = age * Day });
            await Sessions.UseAsync([key], Cancel);
            return await ReadAsync<long>($"SELECT expires_at - {Host.Database.Now} FROM sessions") / (double)Day;
        }

        Assert.Equal(30, await DaysLeftAfterAsync(age: 10), 0.01);
        Assert.Equal(30, await DaysLeftAfterAsync(age: 150), 0.01);
        Assert.Equal(10, await DaysLeftAfterAsync(age: 170), 0.01);
    }

    [Fact]
    [Trait("abuse", "43")]
    public async Task An_expired_or_ended_session_is_dead_and_no_use_wakes_it()
    {
        var user = await UserAsync("alice");
        var (expired, ended) = ((await OpenAsync(user, null)).SessionKey, (await OpenAsync(user, null)).SessionKey);
        await ExecuteAsync($"UPDATE sessions SET expires_at = {Host.Database.Now} - 1 WHERE session_key = @expired", new { expired });
        await Sessions.EndAsync(new(user, ended), Cancel);

        await Sessions.UseAsync([expired, ended], Cancel);

        Assert.Empty(await Sessions.ListAsync(user, Cancel));
        Assert.Equal([expired, ended], (await Reader.EndedAsync([expired, ended], Cancel)).Order());
    }

    private async Task<SessionOpened> OpenAsync(long user, DeviceInfo? device) => (await Sessions.OpenAsync([new(user, device)], Cancel)).Opened[0];

    private Task<int> MarkAsync(long user, ConversationId conversation, long delivered) => ExecuteAsync(
        "INSERT INTO marks (user_id, conversation, delivered, read) VALUES (@user, @conversation, @delivered, 0)", new { user, conversation, delivered });
}

public sealed class SessionStoreOnSqliteTests : SessionStoreSpecification
{
    protected override Task<string?> DatabaseAsync() => Task.FromResult<string?>(null);
}

public sealed class SessionStoreOnPostgresTests(PostgresServer server) : SessionStoreSpecification
{
    protected override async Task<string?> DatabaseAsync() => await server.NewDatabaseAsync();
}
