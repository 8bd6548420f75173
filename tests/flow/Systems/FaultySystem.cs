using Im.Local;

namespace Im.Flow.Tests.Systems;

/// <summary>A full system together with the processes that it consists of.</summary>
public sealed record FaultySystem(FullCluster Cluster, RunningSystem System);
