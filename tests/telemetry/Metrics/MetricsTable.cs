using System.Diagnostics.Metrics;
using System.Text.RegularExpressions;
using Im.Hosting.Telemetry;
using Microsoft.Extensions.DependencyInjection;

namespace Im.Telemetry.Tests.Metrics;

/// <summary>A metric as docs/operations.md has it.</summary>
/// <param name="Labels">The attributes that its row names.</param>
public sealed record MetricRow(string Name, string Kind, string Unit, IReadOnlyList<string> Labels);

/// <summary>The tables of docs/operations.md.</summary>
public static partial class MetricsTable
{
    private static readonly string Page = File.ReadAllText(Path.Combine(Im.Local.SolutionBinaries.Root, "docs", "operations.md"));

    /// <summary>Rows like <c>| `im.messages.accepted` | counter | `{message}` | … |</c>.</summary>
    public static IReadOnlyList<MetricRow> Documented { get; } =
    [
        .. Row().Matches(Page).Select(row => new MetricRow(
            row.Groups["name"].Value,
            row.Groups["kind"].Value,
            row.Groups["unit"].Value,
            [.. Attribute().Matches(row.Groups["what"].Value).Select(name => name.Groups[1].Value)])),
    ];

    /// <summary>The names in the row of queues.</summary>
    public static IReadOnlyList<string> Queues { get; } =
        [.. QueueName().Matches(Page.Split('\n').Single(line => line.StartsWith("Queues (`im.queue`): ", StringComparison.Ordinal))).Select(name => name.Groups[1].Value).Skip(1)];

    [GeneratedRegex(@"^\| `(?<name>im\.[a-z.]+)` \| (?<kind>[a-z]+) \| `(?<unit>[^`]+)` \|(?<what>.*)$", RegexOptions.Multiline)]
    private static partial Regex Row();

    [GeneratedRegex(@"`(im\.[a-z.]+)`")]
    private static partial Regex Attribute();

    [GeneratedRegex("`([a-z_.]+)`")]
    private static partial Regex QueueName();
}

public sealed class MetricsTableTests
{
    [Fact]
    public void The_documentation_lists_every_instrument_with_its_kind_and_unit()
    {
        using var provider = new ServiceCollection().AddMetrics().BuildServiceProvider();
        var made = new List<(string Name, string Kind, string Unit)>();
        using var listener = new MeterListener
        {
            InstrumentPublished = (instrument, _) =>
            {
                if (instrument.Meter.Name == ImMetrics.MeterName) made.Add((instrument.Name, KindOf(instrument), instrument.Unit!));
            },
        };
        listener.Start();
        _ = new ImMetrics(provider.GetRequiredService<IMeterFactory>(), []);

        Assert.Equal(made.Order(), MetricsTable.Documented.Select(row => (row.Name, row.Kind, row.Unit)).Order());
        Assert.NotEmpty(MetricsTable.Queues);
    }

    private static string KindOf(Instrument instrument) => instrument.GetType().Name switch
    {
        "Counter`1" => "counter",
        "Histogram`1" => "histogram",
        "ObservableGauge`1" => "gauge",
        "ObservableUpDownCounter`1" => "updown",
        var other => other,
    };
}
