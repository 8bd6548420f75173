using Im.Local;

namespace Im.Flow.Tests.Systems;

/// <summary>A full system together with the processes that it consists of.</summary>
public sealed class FaultySystem(FullCluster cluster)
{
    public FullCluster Cluster { get; } = cluster;

    public RunningSystem System { get; } = new(cluster.GatewayUrls, cluster.AdminUrl, cluster.AdminKey);
}
