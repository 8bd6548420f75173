using Im.Hosting.Limits;

namespace Im.Login.Limits;

/// <summary>At most 20 registrations an hour from one address; taken names count too, so that trying names out is as slow as registering.</summary>
public sealed class RegistrationLimit(TimeProvider time, AddressRule addresses, int capacity = 100_000)
{
    public const int PerHour = 20;

    private readonly HourlyLimit _attempts = new(time, PerHour, capacity);

    /// <summary>Zero where this attempt may go on, and it is counted; else how long until the next one may.</summary>
    public TimeSpan Take(string? address) => addresses.KeyOf(address) is { } key ? _attempts.Take(key) : TimeSpan.Zero;
}
