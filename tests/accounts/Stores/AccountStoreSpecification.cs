using Im.Accounts.Tests.Hosts;
using Im.Contracts;

namespace Im.Accounts.Tests.Stores;

public abstract class AccountStoreSpecification : StoreSpecification
{
    [Fact]
    public async Task An_account_is_found_by_key_and_by_id()
    {
        var id = await Accounts.AddAsync(Name("Alice"), "hash", null, Cancel);

        var byKey = await Accounts.FindByKeyAsync("alice", Cancel);
        var byId = await Accounts.FindByIdAsync(id!.Value, Cancel);

        Assert.Equal((id, "Alice", "hash", false), (byKey!.UserId, byKey.Username, byKey.PasswordHash, byKey.Disabled));
        Assert.Equal("Alice", byId!.Username);
        Assert.Null(await Accounts.FindByKeyAsync("bob", Cancel));
    }

    [Fact]
    public async Task A_name_belongs_to_who_came_first_whatever_its_case()
    {
        await Accounts.AddAsync(Name("Alice"), "hash", null, Cancel);

        Assert.Null(await Accounts.AddAsync(Name("aliCE"), "other", null, Cancel));
        Assert.Equal("hash", (await Accounts.FindByKeyAsync("alice", Cancel))!.PasswordHash);
    }

    [Fact]
    [Trait("abuse", "39")]
    public async Task Of_many_who_take_one_name_at_once_exactly_one_gets_it()
    {
        var ids = await AtOnceAsync(20, () => Accounts.AddAsync(Name("wanted"), "hash", null, Cancel));

        Assert.Single(ids, id => id is not null);
    }

    [Fact]
    public async Task Ensuring_keeps_the_ids_of_those_who_are_there_and_answers_in_the_order_asked()
    {
        var bob = await UserAsync("Bob");

        var all = await Accounts.EnsureAsync([(Name("ann"), "Ann"), (Name("BOB"), "Other"), (Name("ann"), null), (Name("cleo"), null)], Cancel);

        Assert.Equal(["ann", "Bob", "ann", "cleo"], all.Select(user => user.Username));
        Assert.Equal(bob, all[1].UserId);
        Assert.Equal(all[0].UserId, all[2].UserId);
        Assert.Null((await Accounts.FindByKeyAsync("ann", Cancel))!.PasswordHash);
        Assert.Equal("Ann", (await Profiles.FindByIdAsync(all[0].UserId, Cancel))!.DisplayName);
        Assert.Equal("Bob", (await Profiles.FindByIdAsync(bob, Cancel))!.DisplayName);
    }

    [Fact]
    public async Task Ensuring_a_thousand_twice_at_once_makes_a_thousand()
    {
        var names = Enumerable.Range(0, 1000).Select(i => (Name($"user-{i}"), (string?)null)).ToList();

        var both = await Task.WhenAll(
            Task.Run(() => Accounts.EnsureAsync(names, Cancel)), Task.Run(() => Accounts.EnsureAsync([.. names.AsEnumerable().Reverse()], Cancel)));

        Assert.Equal(both[0].Select(user => user.UserId), both[1].Reverse().Select(user => user.UserId));
        Assert.Equal(1000, both[0].Select(user => user.UserId).Distinct().Count());
    }

    [Fact]
    public async Task A_password_changes_only_from_the_one_that_was_checked()
    {
        var id = (await Accounts.AddAsync(Name("alice"), "old", null, Cancel))!.Value;

        Assert.True(await Accounts.ReplaceHashAsync(id, "old", "new", Cancel));
        Assert.False(await Accounts.ReplaceHashAsync(id, "old", "newer", Cancel));
        Assert.Equal("new", (await Accounts.FindByIdAsync(id, Cancel))!.PasswordHash);
    }

    [Fact]
    public async Task Disabling_is_stored_and_undone()
    {
        var id = await UserAsync("alice");

        Assert.True(await Accounts.DisableAsync(id, true, Cancel));
        Assert.True((await Accounts.FindByIdAsync(id, Cancel))!.Disabled);
        Assert.True(await Accounts.DisableAsync(id, false, Cancel));
        Assert.False((await Accounts.FindByIdAsync(id, Cancel))!.Disabled);
        Assert.False(await Accounts.DisableAsync(12345, true, Cancel));
    }

    [Fact]
    [Trait("abuse", "38")]
    public async Task A_search_finds_parts_of_names_and_takes_wildcards_and_quotes_as_text()
    {
        var anna = await UserAsync("Anna_1");
        await UserAsync("hannah");
        await UserAsync("Änne");

        Assert.Equal(["Anna_1", "hannah"], await SearchAsync("ANN"));
        Assert.Equal(["Anna_1"], await SearchAsync("a_1"));
        Assert.Equal(["Änne"], await SearchAsync("ÄN"));
        Assert.Equal(["Anna_1"], await SearchAsync(Ids.Text(anna)));
        Assert.Empty(await SearchAsync("%"));
        Assert.Empty(await SearchAsync("_____"));
        Assert.Empty(await SearchAsync("' OR 1=1 --"));
        Assert.Single(await Accounts.SearchAsync("", 1, Cancel));
        Assert.Equal(4, (await Accounts.SearchAsync("", 10, Cancel)).Count);
    }

    private async Task<IEnumerable<string>> SearchAsync(string text) => (await Accounts.SearchAsync(text, 10, Cancel)).Select(user => user.Username);
}

public sealed class AccountStoreOnSqliteTests : AccountStoreSpecification
{
    protected override Task<string?> DatabaseAsync() => Task.FromResult<string?>(null);
}

public sealed class AccountStoreOnPostgresTests(PostgresServer server) : AccountStoreSpecification
{
    protected override async Task<string?> DatabaseAsync() => await server.NewDatabaseAsync();
}
