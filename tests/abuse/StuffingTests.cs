using Im.Login.Limits;

namespace Im.Abuse.Tests;

/// <summary>A list of stolen names and passwords, each tried once, from many addresses: no account is ever locked by it, so the addresses have to be.</summary>
public sealed class StuffingTests
{
    private const int Accounts = 10_000;
    private const int Addresses = 50;

    [Fact]
    [Trait("abuse", "32")]
    public void Ten_thousand_accounts_tried_once_from_fifty_addresses_take_hours()
    {
        var time = new Clock();
        var delays = new LoginDelays(time, new AddressRule(development: false));
        var (tried, attempt) = (0, 0);
        for (; time.Elapsed < TimeSpan.FromHours(1) && tried < Accounts; attempt++)
        {
            // Ten attempts a second from each address, as fast as answers come.
            if (attempt % (Addresses * 10) == 0) time.Advance(TimeSpan.FromSeconds(1));
            var (account, address) = ($"user{tried}", $"203.0.113.{attempt % Addresses}");
            if (delays.Remaining(account, address) > TimeSpan.Zero) continue;
            delays.Failed(account, address);
            tried++;
        }

        // 20 at once, then one for each lock of up to a minute: at most 20 + 6 + 60 an hour and address.
        Assert.InRange(tried, Addresses * LoginDelays.FreePerAddress, Addresses * 86);
        Assert.Equal(TimeSpan.Zero, delays.Remaining("somebody-else", "198.51.100.1"));
    }

    private sealed class Clock : TimeProvider
    {
        private long _ticks;

        public TimeSpan Elapsed => TimeSpan.FromTicks(_ticks);

        public override long TimestampFrequency => TimeSpan.TicksPerSecond;

        public override long GetTimestamp() => _ticks;

        public void Advance(TimeSpan by) => _ticks += by.Ticks;
    }
}
