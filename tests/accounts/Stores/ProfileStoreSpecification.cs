using Im.Accounts.Tests.Hosts;
using Im.Contracts.Messages;

namespace Im.Accounts.Tests.Stores;

public abstract class ProfileStoreSpecification : StoreSpecification
{
    [Fact]
    public async Task Who_wrote_no_profile_is_shown_by_name()
    {
        var id = await UserAsync("Alice");

        Assert.Equal(new(id, "Alice", "Alice", null, null), await Profiles.FindByIdAsync(id, Cancel));
        Assert.Equal(await Profiles.FindByIdAsync(id, Cancel), await Profiles.FindByKeyAsync("alice", Cancel));
    }

    [Fact]
    public async Task A_change_leaves_what_it_does_not_name_and_an_empty_text_clears()
    {
        var id = await UserAsync("Alice");
        const string Markup = "<script>alert('x')</script> =cmd";

        Assert.Equal(new(id, "Alice", "Alice", "first", null), await Profiles.UpdateAsync(new(id, null, "first", null), Cancel));
        Assert.Equal(new(id, "Alice", Markup, "first", "http://a/b"), await Profiles.UpdateAsync(new(id, Markup, null, "http://a/b"), Cancel));
        Assert.Equal(new(id, "Alice", Markup, null, "http://a/b"), await Profiles.UpdateAsync(new(id, null, "", null), Cancel));
        Assert.Equal(new(id, "Alice", Markup, null, null), await Profiles.UpdateAsync(new(id, null, null, ""), Cancel));
    }

    [Fact]
    public async Task Changes_of_different_fields_at_once_all_count()
    {
        var id = await UserAsync("Alice");

        await Task.WhenAll(
            Profiles.UpdateAsync(new(id, "Ann", null, null), Cancel),
            Profiles.UpdateAsync(new(id, null, "bio", null), Cancel),
            Profiles.UpdateAsync(new(id, null, null, "http://a/b"), Cancel));

        Assert.Equal(new(id, "Alice", "Ann", "bio", "http://a/b"), await Profiles.FindByIdAsync(id, Cancel));
    }

    [Fact]
    public async Task Nobody_has_no_profile_and_gets_none()
    {
        Assert.Null(await Profiles.FindByIdAsync(12345, Cancel));
        Assert.Null(await Profiles.UpdateAsync(new UpdateProfile(12345, "Ann", null, null), Cancel));
        Assert.Equal(0, await ReadAsync<long>("SELECT count(*) FROM profiles"));
    }
}

public sealed class ProfileStoreOnSqliteTests : ProfileStoreSpecification
{
    protected override Task<string?> DatabaseAsync() => Task.FromResult<string?>(null);
}

public sealed class ProfileStoreOnPostgresTests(PostgresServer server) : ProfileStoreSpecification
{
    protected override async Task<string?> DatabaseAsync() => await server.NewDatabaseAsync();
}
