using Im.Contracts.Messages;
using Im.Hosting.Bus;

namespace Im.Accounts.Tests.Requests;

public sealed class ProfileRequestTests : RequestTests
{
    [Fact]
    public async Task The_name_given_at_registration_is_shown_to_whoever_asks_by_id_or_by_name()
    {
        var user = (await RegisterAsync("Alice", displayName: "Ann Lee")).Answer!.UserId;
        var expected = new Im.Contracts.Messages.Profile(user, "Alice", "Ann Lee", null, null);

        Assert.Equal(expected, (await GetAsync(user, null)).Answer);
        Assert.Equal(expected, (await GetAsync(null, "aLIce")).Answer);
    }

    [Fact]
    public async Task Who_does_not_exist_is_not_found()
    {
        Assert.Equal("not_found", (await GetAsync(12345, null)).Refused!.Code);
        Assert.Equal("not_found", (await GetAsync(null, "alic%")).Refused!.Code);
        Assert.Equal("not_found", (await GetAsync(null, null)).Refused!.Code);
        Assert.Equal("not_found", (await UpdateAsync(new(12345, "Ann", null, null))).Refused!.Code);
    }

    [Fact]
    public async Task A_change_that_breaks_a_rule_changes_nothing()
    {
        var user = await RegisteredAsync("alice");

        Assert.Equal("invalid", (await UpdateAsync(new(user, "", null, null))).Refused!.Code);
        Assert.Equal("invalid", (await UpdateAsync(new(user, "Ann", null, "javascript:x"))).Refused!.Code);
        Assert.Equal("invalid", (await UpdateAsync(new(user, "Ann", "a\0b", null))).Refused!.Code);
        Assert.Equal("alice", (await GetAsync(user, null)).Answer!.DisplayName);
    }

    private Task<CallResult<Im.Contracts.Messages.Profile>> GetAsync(long? user, string? name) =>
        Host.Bus.AskAsync<GetProfile, Im.Contracts.Messages.Profile>(new(user, name), Cancel);

    private Task<CallResult<Im.Contracts.Messages.Profile>> UpdateAsync(UpdateProfile change) =>
        Host.Bus.AskAsync<UpdateProfile, Im.Contracts.Messages.Profile>(change, Cancel);
}
