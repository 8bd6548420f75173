using Im.Contracts.Messages;
using Im.Hosting.Bus;

namespace Im.Accounts.Tests.Requests;

public sealed class ContactRequestTests() : RequestTests("Production")
{
    [Fact]
    public async Task Only_new_requests_count_against_the_sixty_of_an_hour()
    {
        var users = await UsersAsync(63);
        Assert.Equal("requested", (await RequestAsync(users[1], users[0])).Answer?.State);
        for (var i = 2; i < 62; i++) Assert.Equal(new ContactIs(users[i], "requested"), (await RequestAsync(users[0], users[i])).Answer);

        var refused = (await RequestAsync(users[0], users[62])).Refused;
        Assert.Equal("rate_limited", refused?.Code);
        Assert.InRange(refused!.RetryAfterMs!.Value, 1, 3_600_000);
        Assert.Equal("requested", (await RequestAsync(users[0], users[2])).Answer?.State);
        Assert.Equal("accepted", (await RequestAsync(users[0], users[1])).Answer?.State);
        Assert.Equal("requested", (await RequestAsync(users[62], users[0])).Answer?.State);
    }

    private async Task<IReadOnlyList<long>> UsersAsync(int count)
    {
        var users = Enumerable.Range(0, count).Select(number => new NewUser($"user{number}", null)).ToList();
        return [.. (await Host.Bus.AskAsync<EnsureUsers, UsersEnsured>(new(users), Cancel)).Answer!.Users.Select(user => user.UserId)];
    }

    private Task<CallResult<ContactIs>> RequestAsync(long user, long other) => Host.Bus.AskAsync<RequestContact, ContactIs>(new(user, other), Cancel);
}
