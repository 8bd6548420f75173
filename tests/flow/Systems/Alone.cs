namespace Im.Flow.Tests.Systems;

/// <summary>For tests that measure time: they run after the others and one after the other.</summary>
[CollectionDefinition(nameof(Alone), DisableParallelization = true)]
public sealed class Alone;
