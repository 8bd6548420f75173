using System.Security.Cryptography;

namespace Im.Hosting;

/// <summary>This start of this process. A restart is another boot: nothing addressed to the old one reaches the new one.</summary>
/// <param name="Name">Stays over restarts, as gateway-1; for people.</param>
/// <param name="Boot">Random, unique per start; routing key of the node's queue and owner of its routes and leases.</param>
public sealed record NodeIdentity(string Name, string Boot, IReadOnlyList<string> Services, DateTimeOffset StartedAt)
{
    /// <summary>The kind of process in logs, traces and metrics: im-gateway, or im-standalone where all modules are in one.</summary>
    public string ServiceName => Services.Count == 1 ? $"im-{Services[0]}" : "im-standalone";

    public static NodeIdentity Create(string name, IReadOnlyList<string> services, TimeProvider time) =>
        new(name, Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(6)), services, time.GetUtcNow());
}
