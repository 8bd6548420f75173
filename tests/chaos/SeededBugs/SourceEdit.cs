namespace Im.Chaos.Tests.SeededBugs;

/// <summary>One change of a source file.</summary>
/// <param name="File">Below the root of the solution.</param>
/// <param name="Old">Stands in the file exactly once, to the letter: if somebody changed it, the bug has to be thought over.</param>
public sealed record SourceEdit(string File, string Old, string New)
{
    /// <exception cref="InvalidOperationException">The old text is not there exactly once.</exception>
    public string ApplyTo(string source)
    {
        var at = source.IndexOf(Old, StringComparison.Ordinal);
        if (at < 0) throw new InvalidOperationException($"{File} does not contain: {Old}");
        if (source.IndexOf(Old, at + 1, StringComparison.Ordinal) >= 0) throw new InvalidOperationException($"{File} contains more than once: {Old}");
        return string.Concat(source.AsSpan(0, at), New, source.AsSpan(at + Old.Length));
    }
}
