namespace Im.Flow.Tests.Systems;

/// <summary>For tests that measure time, or break things: they run after the others and one after the other.</summary>
[CollectionDefinition(nameof(Alone), DisableParallelization = true)]
public sealed class Alone;
