using Im.Local;

namespace Im.Bench.Subjects;

/// <summary>The versions of servers that come from Debian's packages, as the package manager knows them.</summary>
internal static class PackageFacts
{
    /// <summary>"name version" of each that is there; nothing where the machine has another package manager.</summary>
    public static async Task<IReadOnlyList<string>> ReadAsync(IEnumerable<string> packages, CancellationToken cancel)
    {
        if (Programs.Find("dpkg-query") is not { } query) return [];
        var facts = new List<string>();
        foreach (var package in packages)
        {
            var (status, said) = await ShortCommand.RunAsync(query, ["--show", "--showformat=${Version}", package], cancel: cancel);
            if (status == 0 && said.Length > 0) facts.Add($"{package} {said.Trim()}");
        }

        return facts;
    }
}
