using Im.Contracts.Messages;
using Im.Hosting.Bus;

namespace Im.Session;

/// <summary>
/// Tells the gateways which sessions ended, after the commit. A lost event costs no more than a second: gateways ask the database as well.
/// </summary>
public sealed class SessionEvents(BusCalls bus, TimeProvider time)
{
    private const int Tries = 3;

    public async Task EndedAsync(IReadOnlyList<long> sessionKeys, CancellationToken cancel)
    {
        if (sessionKeys.Count == 0) return;
        for (var tries = 1; !await bus.TryPublishAsync(new SessionEnded(sessionKeys), cancel) && tries < Tries; tries++)
            await Task.Delay(TimeSpan.FromMilliseconds(100 * tries), time, cancel);
    }
}
