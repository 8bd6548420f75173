using Im.Accounts.Tests.Hosts;
using Im.Contracts;
using Im.Hosting.Storage;
using Im.Profile.Contacts;
using Microsoft.Extensions.DependencyInjection;
using static Im.Profile.Contacts.ContactState;

namespace Im.Accounts.Tests.Stores;

public abstract class ContactStoreSpecification : StoreSpecification
{
    private ContactStore Contacts => Host.Services.GetRequiredService<ContactStore>();

    [Fact]
    public async Task A_request_stands_on_both_lists_until_it_is_accepted_or_removed()
    {
        var (ann, bob) = (await UserAsync("ann"), await UserAsync("bob"));
        Assert.Equal((None, Requested), Step(await Contacts.RequestAsync(ann, bob, Cancel)));
        Assert.Equal(("requested", "pending"), await BothAsync(ann, bob));
        Assert.Equal((Requested, Requested), Step(await Contacts.RequestAsync(ann, bob, Cancel)));

        Assert.Equal("not_found", (await Contacts.AcceptAsync(ann, bob, Cancel)).Refused?.Code);
        Assert.Equal((Pending, Accepted), Step(await Contacts.AcceptAsync(bob, ann, Cancel)));
        Assert.Equal(("accepted", "accepted"), await BothAsync(ann, bob));
        Assert.Equal((Accepted, Accepted), Step(await Contacts.AcceptAsync(ann, bob, Cancel)));

        Assert.Equal((Accepted, None), Step(await Contacts.RemoveAsync(ann, bob, Cancel)));
        Assert.Equal((null, null), await BothAsync(ann, bob));
        Assert.Equal((None, None), Step(await Contacts.RemoveAsync(bob, ann, Cancel)));
        Assert.Equal("not_found", (await Contacts.AcceptAsync(bob, ann, Cancel)).Refused?.Code);
    }

    [Fact]
    public async Task Who_asks_the_one_that_asked_him_accepts()
    {
        var (ann, bob) = (await UserAsync("ann"), await UserAsync("bob"));
        await Contacts.RequestAsync(ann, bob, Cancel);
        Assert.Equal((Pending, Accepted), Step(await Contacts.RequestAsync(bob, ann, Cancel)));
        Assert.Equal(("accepted", "accepted"), await BothAsync(ann, bob));
    }

    [Fact]
    public async Task Requests_that_cross_a_hundred_times_always_end_as_accepted_on_both_sides()
    {
        for (var round = 0; round < 100; round++)
        {
            var (ann, bob) = (await UserAsync($"ann{round}"), await UserAsync($"bob{round}"));
            await Task.WhenAll(
                Task.Run(() => Contacts.RequestAsync(ann, bob, Cancel), Cancel), Task.Run(() => Contacts.RequestAsync(bob, ann, Cancel), Cancel));
            Assert.Equal(("accepted", "accepted"), await BothAsync(ann, bob));
        }
    }

    [Fact]
    public async Task Whatever_crosses_the_two_rows_agree()
    {
        var (ann, bob) = (await UserAsync("ann"), await UserAsync("bob"));
        for (var round = 0; round < 30; round++)
        {
            await Task.WhenAll(
                Task.Run(() => Contacts.RequestAsync(ann, bob, Cancel), Cancel),
                Task.Run(() => Contacts.RemoveAsync(bob, ann, Cancel), Cancel),
                Task.Run(() => Contacts.AcceptAsync(bob, ann, Cancel), Cancel),
                Task.Run(() => Contacts.RequestAsync(bob, ann, Cancel), Cancel));
            Assert.Contains(
                await BothAsync(ann, bob),
                ((string?, string?)[])[("accepted", "accepted"), ("requested", "pending"), ("pending", "requested"), (null, null)]);
        }
    }

    [Fact]
    public async Task A_block_in_either_direction_refuses_and_hides_only_what_the_blocked_one_asked()
    {
        var (ann, bob, cid) = (await UserAsync("ann"), await UserAsync("bob"), await UserAsync("cid"));
        await Contacts.RequestAsync(bob, ann, Cancel);
        await Contacts.RequestAsync(ann, cid, Cancel);
        await BlockAsync(ann, bob);
        await BlockAsync(ann, cid);

        Assert.Equal((null, "requested"), await BothAsync(ann, bob));
        Assert.Equal("blocked", (await Contacts.AcceptAsync(ann, bob, Cancel)).Refused?.Code);
        Assert.Equal("blocked", (await Contacts.RequestAsync(ann, bob, Cancel)).Refused?.Code);
        Assert.Equal("blocked", (await Contacts.RequestAsync(bob, ann, Cancel)).Refused?.Code);
        Assert.Equal(("requested", "pending"), await BothAsync(ann, cid));
        Assert.Equal("blocked", (await Contacts.AcceptAsync(cid, ann, Cancel)).Refused?.Code);

        await ExecuteAsync("DELETE FROM blocks");
        Assert.Equal(("pending", "requested"), await BothAsync(ann, bob));
        Assert.Equal((Pending, Accepted), Step(await Contacts.AcceptAsync(ann, bob, Cancel)));
    }

    [Fact]
    public async Task Contacts_stay_when_one_blocks_the_other_and_can_be_removed()
    {
        var (ann, bob) = (await UserAsync("ann"), await UserAsync("bob"));
        await Contacts.RequestAsync(ann, bob, Cancel);
        await Contacts.RequestAsync(bob, ann, Cancel);
        await BlockAsync(ann, bob);
        Assert.Equal(("accepted", "accepted"), await BothAsync(ann, bob));
        Assert.Equal((Accepted, None), Step(await Contacts.RemoveAsync(bob, ann, Cancel)));
    }

    [Fact]
    public async Task The_list_has_accepted_ones_first_and_then_the_names_as_shown()
    {
        var ann = await UserAsync("ann");
        foreach (var (name, shown, accepts) in ((string, string, bool)[])[("u1", "zoe", true), ("u2", "Bert", false), ("u3", "Émile", true), ("u4", "adam", false), ("u5", "eva", true)])
        {
            var other = (await Accounts.EnsureAsync([(Name(name + "xx"), shown)], Cancel))[0].UserId;
            await Contacts.RequestAsync(ann, other, Cancel);
            if (accepts) await Contacts.AcceptAsync(other, ann, Cancel);
        }

        var list = await Contacts.ListAsync(ann, Cancel);
        Assert.Equal(["Émile", "eva", "zoe", "adam", "Bert"], list.Select(one => one.DisplayName));
        Assert.Equal(["accepted", "accepted", "accepted", "requested", "requested"], list.Select(one => one.State));
        Assert.Equal("u3xx", list[0].Username);
        var now = await ReadAsync<long>($"SELECT {Host.Database.Now}");
        Assert.All(list, one => Assert.InRange(one.Since, now - 60_000, now));
    }

    [Fact]
    public async Task A_list_that_is_full_takes_no_more_but_what_is_on_it_goes_on()
    {
        var (ann, bob, cid) = (await UserAsync("ann"), await UserAsync("bob"), await UserAsync("cid"));
        await Contacts.RequestAsync(bob, ann, Cancel);
        await Host.Database.TransactAsync(
            async (connection, transaction) =>
            {
                await connection.InsertManyAsync(
                    transaction,
                    "INSERT INTO contacts (user_id, other, state, since)",
                    [.. Enumerable.Range(1, ContactRules.MaxContacts - 1).Select(i => new object?[] { ann, 1_000_000L + i, (short)3, 0L })],
                    Cancel);
                return true;
            },
            Cancel);

        Assert.Equal("invalid", (await Contacts.RequestAsync(ann, cid, Cancel)).Refused?.Code);
        Assert.Equal("invalid", (await Contacts.RequestAsync(cid, ann, Cancel)).Refused?.Code);
        Assert.Null((await Contacts.AcceptAsync(ann, bob, Cancel)).Refused);
        await Contacts.RemoveAsync(ann, bob, Cancel);
        Assert.Null((await Contacts.RequestAsync(cid, ann, Cancel)).Refused);
    }

    [Fact]
    public async Task Who_does_not_exist_is_not_found()
    {
        var ann = await UserAsync("ann");
        Assert.Equal("not_found", (await Contacts.RequestAsync(ann, 12345, Cancel)).Refused?.Code);
        Assert.Equal("not_found", (await Contacts.RemoveAsync(ann, 12345, Cancel)).Refused?.Code);
        Assert.Equal("invalid", (await Contacts.RequestAsync(ann, ann, Cancel)).Refused?.Code);
        Assert.Equal("forbidden", (await Contacts.RequestAsync(ann, Ids.SystemUser, Cancel)).Refused?.Code);
        Assert.Equal(0, await ReadAsync<long>("SELECT count(*) FROM contacts"));
    }

    private static (ContactState Before, ContactState After) Step(ContactChange change) =>
        change.Refused is null ? (change.Before, change.After) : throw new InvalidOperationException($"refused: {change.Refused}");

    /// <summary>How each stands to the other by his list; null where the other is not on it.</summary>
    private async Task<(string? One, string? Other)> BothAsync(long one, long other) =>
        ((await Contacts.ListAsync(one, Cancel)).SingleOrDefault(contact => contact.UserId == other)?.State,
            (await Contacts.ListAsync(other, Cancel)).SingleOrDefault(contact => contact.UserId == one)?.State);

    private Task<int> BlockAsync(long user, long blocked) => ExecuteAsync(
        "INSERT INTO blocks (user_id, blocked, conversation, since) VALUES (@user, @blocked, @conversation, 0)",
        new { user, blocked, conversation = ConversationId.Direct(user, blocked) });
}

public sealed class ContactStoreOnSqliteTests : ContactStoreSpecification
{
    protected override Task<string?> DatabaseAsync() => Task.FromResult<string?>(null);
}

public sealed class ContactStoreOnPostgresTests(PostgresServer server) : ContactStoreSpecification
{
    protected override async Task<string?> DatabaseAsync() => await server.NewDatabaseAsync();
}
