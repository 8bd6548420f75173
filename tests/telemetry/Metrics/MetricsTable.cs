using System.Diagnostics.Metrics;
using System.Text.RegularExpressions;
using Im.Hosting.Telemetry;
using Microsoft.Extensions.DependencyInjection;

namespace Im.Telemetry.Tests.Metrics;

/// <summary>The tables of docs/operations.md.</summary>
public static partial class MetricsTable
{
    private static readonly string Page = File.ReadAllText(Path.Combine(Im.Local.SolutionBinaries.Root, "docs", "operations.md"));

    /// <summary>Rows like <c>| `im.messages.accepted` | counter | `{message}` | … |</c>.</summary>
    public static IReadOnlyList<(string Name, string Kind, string Unit)> Documented { get; } =
        [.. Row().Matches(Page).Select(row => (row.Groups["name"].Value, row.Groups["kind"].Value, row.Groups["unit"].Value))];

    /// <summary>The names in the row of queues.</summary>
    public static IReadOnlyList<string> Queues { get; } =
        [.. QueueName().Matches(Page.Split('\n').Single(line => line.StartsWith("Queues (`im.queue`): ", StringComparison.Ordinal))).Select(name => name.Groups[1].Value).Skip(1)];

    [GeneratedRegex(@"^\| `(?<name>im\.[a-z.]+)` \| (?<kind>[a-z]+) \| `(?<unit>[^`]+)` \|", RegexOptions.Multiline)]
    private static partial Regex Row();

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

        Assert.Equal(made.Order(), MetricsTable.Documented.Order());
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
