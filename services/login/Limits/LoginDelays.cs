using Im.Hosting.Limits;

namespace Im.Login.Limits;

/// <summary>
/// Who has to wait before the next password is looked at. Per account after 5 failures in a row, whoever made them and whether the account exists or
/// not; per address after 20. A success clears the account, never the address: one good password must not pay for a thousand guesses.
/// </summary>
/// <remarks>Kept in memory for the 100,000 names and addresses that failed last; each login process counts for itself.</remarks>
public sealed class LoginDelays(TimeProvider time, AddressRule addresses, int capacity = 100_000)
{
    public const int FreePerAccount = 5;
    public const int FreePerAddress = 20;

    private readonly Lock _lock = new();
    private readonly BoundedTable<GrowingDelay> _accounts = new(capacity);
    private readonly BoundedTable<GrowingDelay> _addresses = new(capacity);

    /// <summary>Zero where the password may be looked at now.</summary>
    public TimeSpan Remaining(string account, string? address)
    {
        lock (_lock)
        {
            var ofAccount = _accounts.Find(account)?.Remaining ?? TimeSpan.Zero;
            var ofAddress = addresses.KeyOf(address) is { } key ? _addresses.Find(key)?.Remaining ?? TimeSpan.Zero : TimeSpan.Zero;
            return ofAccount > ofAddress ? ofAccount : ofAddress;
        }
    }

    public void Failed(string account, string? address)
    {
        lock (_lock)
        {
            _accounts.FindOrAdd(account, () => new(time, FreePerAccount)).Failed();
            if (addresses.KeyOf(address) is { } key) _addresses.FindOrAdd(key, () => new(time, FreePerAddress)).Failed();
        }
    }

    public void Succeeded(string account)
    {
        lock (_lock) _accounts.Remove(account);
    }
}
