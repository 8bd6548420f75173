namespace Im.Tool.Testing;

/// <summary>What the run comes to so far, and what has failed.</summary>
internal sealed class Tally
{
    /// <summary>Failures named again at the end, so that the sum stays in sight.</summary>
    private const int Repeated = 10;

    private readonly List<string> _failures = [];

    public TestCounts Sum { get; private set; } = TestCounts.None;

    public void Add(TestCounts counts, IEnumerable<TestFailure> failures)
    {
        Sum += counts;
        _failures.AddRange(failures.Select(failure => failure.ToString()));
    }

    public void Fail(string reason)
    {
        Console.WriteLine($"FAILED: {reason}");
        _failures.Add(reason);
        Sum += TestCounts.OneFailure;
    }

    /// <summary>Says once more, close to the end, what failed: whoever has only the tail of a long log must be able to see it.</summary>
    public void Repeat()
    {
        foreach (var failure in _failures.Take(Repeated)) Console.WriteLine($"FAILED: {failure}");
        if (_failures.Count > Repeated) Console.WriteLine($"and {_failures.Count - Repeated} more");
    }
}
