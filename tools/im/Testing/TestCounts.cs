using System.Globalization;
using System.Xml;
using System.Xml.Linq;

namespace Im.Tool.Testing;

/// <summary>
/// How many tests passed, failed and were skipped. What fails outside of a test (a fixture, a crashed project, a check) counts as one
/// failed: the sum never says "0 failed" about a run that is not good.
/// </summary>
internal sealed record TestCounts(int Passed, int Failed, int Skipped)
{
    public static readonly TestCounts None = new(0, 0, 0), OneFailure = new(0, 1, 0);

    public bool IsGood => Failed == 0 && Passed > 0;

    public static TestCounts operator +(TestCounts left, TestCounts right) =>
        new(left.Passed + right.Passed, left.Failed + right.Failed, left.Skipped + right.Skipped);

    /// <summary>The line that ends a test run.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Passed} passed, {Failed} failed, {Skipped} skipped");

    /// <summary>
    /// What one project's run comes to, from its exit status and its report in xunit's XML format (null: it wrote none).
    /// A report that cannot be read, or that claims success where the status does not, is a crash: one failed.
    /// </summary>
    public static TestCounts FromRun(int exitStatus, string? report)
    {
        var counts = report is null ? null : Parse(report);
        if (counts is null)
            return OneFailure;
        return exitStatus != 0 && counts.Failed == 0 ? counts + OneFailure : counts;
    }

    /// <summary>The counts of a report; null if it is none.</summary>
    public static TestCounts? Parse(string report)
    {
        try
        {
            var root = XDocument.Parse(report).Root;
            if (root?.Name.LocalName != "assemblies")
                return null;
            var sum = None;
            foreach (var assembly in root.Elements("assembly"))
                sum += new TestCounts(Number(assembly, "passed"), Number(assembly, "failed") + Number(assembly, "errors"), Number(assembly, "skipped"));
            return sum;
        }
        catch (Exception error) when (error is XmlException or FormatException or OverflowException)
        {
            return null;
        }
    }

    private static int Number(XElement element, string attribute) =>
        int.Parse(element.Attribute(attribute)?.Value ?? "", NumberStyles.None, CultureInfo.InvariantCulture);
}
