using System.Net;
using Im.Gateway.Connections;

namespace Im.Abuse.Tests;

public sealed class AddressCountTests
{
    [Fact]
    public void An_address_has_so_many_and_gets_back_what_it_leaves()
    {
        var count = new AddressCount();
        var address = IPAddress.Parse("203.0.113.7");
        Assert.True(count.TryEnter(address, 2) && count.TryEnter(address, 2));
        Assert.False(count.TryEnter(address, 2));
        count.Leave(address);
        Assert.True(count.TryEnter(address, 2));
        Assert.True(count.TryEnter(IPAddress.Parse("203.0.113.8"), 2));
    }

    [Theory]
    [InlineData("2001:db8:1:2::1", "2001:db8:1:2:ffff::9", true)]
    [InlineData("2001:db8:1:2::1", "2001:db8:1:3::1", false)]
    [InlineData("::ffff:203.0.113.7", "203.0.113.7", true)]
    [InlineData("::ffff:203.0.113.7", "::ffff:203.0.113.8", false)]
    [Trait("abuse", "9")]
    public void Addresses_of_one_customer_count_as_one(string one, string other, bool together)
    {
        var count = new AddressCount();
        Assert.True(count.TryEnter(IPAddress.Parse(one), 1));
        Assert.Equal(!together, count.TryEnter(IPAddress.Parse(other), 1));
    }

    [Fact]
    [Trait("abuse", "9")]
    public void Many_at_once_never_get_more_than_there_is()
    {
        var count = new AddressCount();
        var inside = 0;
        Parallel.For(0, 10_000, _ =>
        {
            if (!count.TryEnter(IPAddress.Loopback, 5)) return;
            Assert.InRange(Interlocked.Increment(ref inside), 1, 5);
            Interlocked.Decrement(ref inside);
            count.Leave(IPAddress.Loopback);
        });
        Assert.True(count.TryEnter(IPAddress.Loopback, 1));
    }
}
