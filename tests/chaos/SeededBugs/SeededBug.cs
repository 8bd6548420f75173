using Im.Chaos.Verdicts;

namespace Im.Chaos.Tests.SeededBugs;

/// <summary>
/// A mistake that somebody could make, as a few changes of the product's sources. The product itself has no switch for it. Without faults the changed
/// system works as before, or nearly so: what finds it is the harness.
/// </summary>
public sealed record SeededBug
{
    /// <summary>Also the directory of its build.</summary>
    public required string Name { get; init; }

    /// <summary>Which sentence of the promise it breaks, and when that shows.</summary>
    public required string Breaks { get; init; }

    /// <summary>Whether a violation is what this bug must come to. Anything else in the verdict is its by-product, and the bug not caught by it.</summary>
    public required Func<Violation, bool> IsSign { get; init; }

    /// <summary>The services that run it. The others are the product's own, also where they share a changed file.</summary>
    public required IReadOnlyList<string> Services { get; init; }

    public required IReadOnlyList<SourceEdit> Edits { get; init; }

    public override string ToString() => Name;
}
