using Im.Hosting.Limits;
using Im.Login.Limits;

namespace Im.Accounts.Tests.Limits;

public sealed class LoginDelaysTests
{
    private const string Address = "203.0.113.7";

    private readonly ManualTime _time = new();

    [Theory]
    [InlineData(0, 0)]
    [InlineData(1, 0)]
    [InlineData(4, 0)]
    [InlineData(5, 1)]
    [InlineData(6, 2)]
    [InlineData(7, 4)]
    [InlineData(8, 8)]
    [InlineData(9, 16)]
    [InlineData(10, 32)]
    [InlineData(11, 60)]
    [InlineData(12, 60)]
    [InlineData(1000, 60)]
    [InlineData(int.MaxValue, 60)]
    public void Each_failure_from_the_fifth_on_doubles_the_lock_up_to_a_minute(int failures, int seconds) =>
        Assert.Equal(TimeSpan.FromSeconds(seconds), GrowingDelay.LockAfter(failures, 5));

    [Fact]
    public void An_account_is_locked_whatever_address_the_failures_came_from()
    {
        var delays = Delays();
        for (var i = 0; i < 5; i++) delays.Failed("bob", $"203.0.113.{i}");

        Assert.Equal(TimeSpan.FromSeconds(1), delays.Remaining("bob", "198.51.100.1"));
        Assert.Equal(TimeSpan.Zero, delays.Remaining("ann", "198.51.100.1"));
    }

    [Fact]
    public void A_lock_ends_by_itself_and_the_next_failure_locks_for_longer()
    {
        var delays = Delays();
        for (var i = 0; i < 5; i++) delays.Failed("bob", Address);
        _time.Advance(0.4);
        Assert.Equal(TimeSpan.FromSeconds(0.6), delays.Remaining("bob", Address));
        _time.Advance(0.6);
        Assert.Equal(TimeSpan.Zero, delays.Remaining("bob", Address));

        delays.Failed("bob", Address);
        Assert.Equal(TimeSpan.FromSeconds(2), delays.Remaining("bob", Address));
    }

    [Fact]
    public void A_success_clears_the_account_but_not_the_address()
    {
        var delays = Delays();
        for (var i = 0; i < 20; i++) delays.Failed("bob", Address);
        delays.Succeeded("bob");

        Assert.Equal(TimeSpan.Zero, delays.Remaining("bob", "198.51.100.1"));
        Assert.Equal(TimeSpan.FromSeconds(1), delays.Remaining("bob", Address));
    }

    [Fact]
    [Trait("abuse", "32")]
    public void An_address_that_tries_many_accounts_is_locked_after_twenty()
    {
        var delays = Delays();
        for (var i = 0; i < 19; i++) delays.Failed($"user{i}", Address);
        Assert.Equal(TimeSpan.Zero, delays.Remaining("bob", Address));

        delays.Failed("user19", Address);
        Assert.Equal(TimeSpan.FromSeconds(1), delays.Remaining("bob", Address));
    }

    [Fact]
    public void A_quarter_of_an_hour_without_failures_forgets_them()
    {
        var delays = Delays();
        for (var i = 0; i < 8; i++) delays.Failed("bob", Address);
        _time.Advance(15 * 60 + 1);
        delays.Failed("bob", Address);

        Assert.Equal(TimeSpan.Zero, delays.Remaining("bob", Address));
    }

    [Theory]
    [InlineData(true, "127.0.0.1", false)]
    [InlineData(true, "::1", false)]
    [InlineData(true, "::ffff:127.0.0.1", false)]
    [InlineData(true, "203.0.113.7", true)]
    [InlineData(false, "127.0.0.1", true)]
    [InlineData(false, "::1", true)]
    public void Only_loopback_in_development_is_not_counted(bool development, string address, bool counted) =>
        Assert.Equal(counted, new AddressRule(development).KeyOf(address) is not null);

    [Fact]
    [Trait("abuse", "32")]
    public void Addresses_of_one_ipv6_network_count_as_one()
    {
        var rule = new AddressRule(development: false);

        Assert.Equal(rule.KeyOf("2001:db8:1:2::1"), rule.KeyOf("2001:db8:1:2:ffff::9"));
        Assert.NotEqual(rule.KeyOf("2001:db8:1:2::1"), rule.KeyOf("2001:db8:1:3::1"));
        Assert.Equal(rule.KeyOf("203.0.113.7"), rule.KeyOf("::ffff:203.0.113.7"));
    }

    [Fact]
    public void Memory_stays_bounded_and_forgets_what_was_unused_longest()
    {
        var table = new BoundedTable<object>(3);
        foreach (var key in new[] { "a", "b", "c" }) table.FindOrAdd(key, () => new object());
        Assert.NotNull(table.Find("a"));
        table.FindOrAdd("d", () => new object());

        Assert.Equal(3, table.Count);
        Assert.Null(table.Find("b"));
        Assert.NotNull(table.Find("a"));
    }

    [Fact]
    public void An_address_registers_twenty_times_an_hour()
    {
        var limit = new RegistrationLimit(_time, new AddressRule(development: false));
        for (var i = 0; i < 20; i++)
        {
            Assert.Equal(TimeSpan.Zero, limit.Take(Address));
            _time.Advance(60);
        }

        Assert.Equal(TimeSpan.FromMinutes(40), limit.Take(Address));
        Assert.Equal(TimeSpan.Zero, limit.Take("198.51.100.1"));
        _time.Advance(40 * 60);
        Assert.Equal(TimeSpan.Zero, limit.Take(Address));
        Assert.Equal(TimeSpan.FromMinutes(1), limit.Take(Address));
    }

    private LoginDelays Delays() => new(_time, new AddressRule(development: false));
}
