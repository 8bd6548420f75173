namespace Im.Login.Limits;

/// <summary>At most 20 registrations an hour from one address; taken names count too, so that trying names out is as slow as registering.</summary>
public sealed class RegistrationLimit(TimeProvider time, AddressRule addresses, int capacity = 100_000)
{
    public const int PerHour = 20;

    private static readonly TimeSpan Hour = TimeSpan.FromHours(1);
    private readonly Lock _lock = new();
    private readonly BoundedTable<Queue<long>> _attempts = new(capacity);

    /// <summary>Zero where this attempt may go on, and it is counted; else how long until the next one may.</summary>
    public TimeSpan Take(string? address)
    {
        if (addresses.KeyOf(address) is not { } key) return TimeSpan.Zero;
        lock (_lock)
        {
            var attempts = _attempts.FindOrAdd(key, () => new Queue<long>(PerHour));
            while (attempts.TryPeek(out var oldest) && time.GetElapsedTime(oldest) >= Hour) attempts.Dequeue();
            if (attempts.Count >= PerHour) return Hour - time.GetElapsedTime(attempts.Peek());
            attempts.Enqueue(time.GetTimestamp());
            return TimeSpan.Zero;
        }
    }
}
