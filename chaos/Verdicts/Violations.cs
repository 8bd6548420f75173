using Im.Chaos.Verdicts.Facts;

namespace Im.Chaos.Verdicts;

/// <summary>
/// What the rules find. Where a fault of the system shows a hundred thousand times, the first of a kind are proven and the others named and counted: reading the
/// journals for each would take longer than the run.
/// </summary>
internal sealed class Violations(RunTimes times)
{
    /// <summary>As many as anybody reads.</summary>
    private const int ProvenOfAKind = 40;

    private readonly List<Violation> _all = [];
    private readonly Dictionary<ViolationKind, int> _counts = [];

    public IReadOnlyList<Violation> All => _all;

    /// <param name="at">When the message was sent, or the thing happened: decides whose time it was.</param>
    /// <param name="what">One sentence with the ids that it is about.</param>
    public void Add(ViolationKind kind, TimeSpan at, string what, Func<IEnumerable<string>> proof) => Add(kind, times.ScenarioAt(at), what, proof);

    public void Add(ViolationKind kind, string scenario, string what, Func<IEnumerable<string>> proof)
    {
        var count = _counts[kind] = _counts.GetValueOrDefault(kind) + 1;
        _all.Add(new Violation(kind, scenario, what, count > ProvenOfAKind ? [] : [.. proof().Take(Proof.Lines)]));
    }
}
