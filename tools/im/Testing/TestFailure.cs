using System.Xml;
using System.Xml.Linq;

namespace Im.Tool.Testing;

/// <summary>A test that failed, or a fault outside of any test, as xunit's XML report tells it.</summary>
internal sealed record TestFailure(string Name, string Message, string Stack)
{
    private const int MessageLines = 24, StackLines = 4;

    /// <summary>All failures of a report; empty where it is none.</summary>
    public static IReadOnlyList<TestFailure> ReadAll(string report)
    {
        try
        {
            var root = XDocument.Parse(report).Root;
            if (root is null)
                return [];
            var tests = root.Descendants("test").Where(test => (string?)test.Attribute("result") == "Fail");
            return [.. tests.Concat(root.Descendants("error")).Select(Of)];
        }
        catch (XmlException)
        {
            return [];
        }
    }

    public override string ToString() =>
        string.Join(Environment.NewLine, [Name, .. Ends(Message), .. Head(Stack, StackLines)]);

    private static TestFailure Of(XElement element)
    {
        var failure = element.Element("failure");
        return new TestFailure(
            (string?)element.Attribute("name") ?? "outside of a test",
            failure?.Element("message")?.Value ?? "",
            failure?.Element("stack-trace")?.Value ?? "");
    }

    /// <summary>A long message from both ends: an assertion says what is wrong first, a program that was run says it last.</summary>
    private static IEnumerable<string> Ends(string text)
    {
        var lines = Lines(text);
        if (lines.Length <= MessageLines)
            return Indented(lines);
        return [.. Indented(lines[..(MessageLines / 2)]), "    …", .. Indented(lines[^(MessageLines / 2)..])];
    }

    private static IEnumerable<string> Head(string text, int lines) => Indented(Lines(text).Take(lines));

    private static string[] Lines(string text) => text.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);

    private static IEnumerable<string> Indented(IEnumerable<string> lines) => lines.Select(line => "    " + line);
}
