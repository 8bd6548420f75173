using System.Threading.RateLimiting;
using Microsoft.Extensions.Options;

namespace Im.Gateway.Api;

/// <summary>
/// How many changing HTTP calls a user may make: a burst, then so many a second. Each of them costs a commit and often a frame to others. Counted per user and
/// gateway; no limit in development. Who has been still for a while is forgotten, so memory is bounded by the users of the last minute.
/// </summary>
public sealed class CallLimits(IHostEnvironment environment, IOptions<GatewayOptions> options) : IDisposable
{
    private readonly PartitionedRateLimiter<long>? _limiter = environment.IsDevelopment() ? null : Create(options.Value);

    /// <summary>Null where the call may go on, and it is counted; else milliseconds until the next one may.</summary>
    public int? Take(long user)
    {
        if (_limiter is null) return null;
        using var lease = _limiter.AttemptAcquire(user);
        if (lease.IsAcquired) return null;
        return lease.TryGetMetadata(MetadataName.RetryAfter, out var wait) ? Math.Max(1, (int)wait.TotalMilliseconds) : 1000;
    }

    public void Dispose() => _limiter?.Dispose();

    private static PartitionedRateLimiter<long> Create(GatewayOptions options) => PartitionedRateLimiter.Create<long, long>(user =>
        RateLimitPartition.GetTokenBucketLimiter(user, _ => new TokenBucketRateLimiterOptions
        {
            TokenLimit = options.CallBurst,
            TokensPerPeriod = options.CallsPerSecond,
            ReplenishmentPeriod = TimeSpan.FromSeconds(1),
            AutoReplenishment = true,
        }));
}
