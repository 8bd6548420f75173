using Im.Accounts.Tests.Limits;
using Im.Profile.Contacts;

namespace Im.Accounts.Tests.Contacts;

public sealed class ContactRequestLimitTests
{
    private readonly ManualTime _time = new();

    [Fact]
    [Trait("abuse", "57")]
    public void After_sixty_requests_a_user_waits_until_the_first_is_an_hour_old()
    {
        var limit = new ContactRequestLimit(_time, development: false);
        for (var i = 0; i < ContactRequestLimit.PerHour; i++) Assert.Null(limit.Take(5));
        _time.Advance(600);

        var refused = limit.Take(5);
        Assert.Equal(("rate_limited", 3_000_000), (refused?.Code, refused?.RetryAfterMs));
        Assert.Null(limit.Take(6));
        _time.Advance(3000);
        Assert.Null(limit.Take(5));
    }

    [Fact]
    public void In_development_nobody_waits()
    {
        var limit = new ContactRequestLimit(_time, development: true);
        for (var i = 0; i <= ContactRequestLimit.PerHour; i++) Assert.Null(limit.Take(5));
    }
}
