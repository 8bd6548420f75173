using System.Globalization;
using System.Text;
using Im.Telemetry.Tests.Otlp;

namespace Im.Telemetry.Tests.Prometheus;

/// <summary>
/// The page that the collector's exporter shows, with <c>resource_to_telemetry_conversion</c> as it is deployed: to the attributes of a point come those of
/// its process, <c>job</c> and <c>instance</c>, and the scope's.
/// </summary>
public static class ScrapePage
{
    public static string Of(IEnumerable<Measured> metrics)
    {
        var page = new StringBuilder();
        foreach (var family in metrics.GroupBy(one => (Name: NameOf(one.Metric), Type: TypeOf(one.Metric))).OrderBy(family => family.Key.Name, StringComparer.Ordinal))
        {
            page.Append(CultureInfo.InvariantCulture, $"# TYPE {family.Key.Name} {family.Key.Type.ToString().ToLowerInvariant()}\n");
            foreach (var one in family) Write(page, family.Key.Name, one);
        }

        return page.ToString();
    }

    public static string NameOf(Metric metric) => ExporterNames.Metric(metric.Name, metric.Unit, TypeOf(metric));

    /// <summary>A sum that may fall is a gauge to Prometheus.</summary>
    private static PrometheusType TypeOf(Metric metric) => metric.DataCase switch
    {
        Metric.DataOneofCase.Histogram => PrometheusType.Histogram,
        Metric.DataOneofCase.Sum when metric.Sum.IsMonotonic => PrometheusType.Counter,
        _ => PrometheusType.Gauge,
    };

    private static void Write(StringBuilder page, string name, Measured one)
    {
        if (one.Metric.DataCase == Metric.DataOneofCase.Histogram)
        {
            foreach (var point in one.Metric.Histogram.DataPoints) Write(page, name, LabelsOf(one, point.Attributes), point);
            return;
        }

        var numbers = one.Metric.DataCase == Metric.DataOneofCase.Sum ? one.Metric.Sum : one.Metric.Gauge;
        foreach (var point in numbers.DataPoints)
            Write(page, name, LabelsOf(one, point.Attributes), point.ValueCase == NumberPoint.ValueOneofCase.AsInt ? point.AsInt : point.AsDouble);
    }

    /// <summary>Prometheus counts what is at or below a bound, OTLP what lies between two.</summary>
    private static void Write(StringBuilder page, string name, SortedDictionary<string, string> labels, HistogramPoint point)
    {
        ulong below = 0;
        foreach (var (bound, count) in point.ExplicitBounds.Zip(point.BucketCounts))
        {
            below += count;
            Write(page, name + "_bucket", new SortedDictionary<string, string>(labels, StringComparer.Ordinal) { ["le"] = bound.ToString("R", CultureInfo.InvariantCulture) }, below);
        }

        Write(page, name + "_bucket", new SortedDictionary<string, string>(labels, StringComparer.Ordinal) { ["le"] = "+Inf" }, point.Count);
        Write(page, name + "_sum", labels, point.Sum);
        Write(page, name + "_count", labels, point.Count);
    }

    private static void Write(StringBuilder page, string name, SortedDictionary<string, string> labels, double value)
    {
        var all = labels.Select(label => $"{label.Key}=\"{Escaped(label.Value)}\"");
        page.Append(CultureInfo.InvariantCulture, $"{name}{{{string.Join(',', all)}}} {value.ToString("R", CultureInfo.InvariantCulture)}\n");
    }

    private static SortedDictionary<string, string> LabelsOf(Measured one, IEnumerable<KeyValue> point)
    {
        var process = one.Process.Attributes;
        var labels = new SortedDictionary<string, string>(StringComparer.Ordinal)
        {
            ["job"] = OtlpReceiver.TextOf(process, "service.name")!,
            ["instance"] = one.Instance,
            ["otel_scope_name"] = one.Scope.Name,
            ["otel_scope_version"] = one.Scope.Version,
        };
        foreach (var attribute in process.Concat(point)) labels[ExporterNames.Label(attribute.Key)] = OtlpReceiver.TextOf([attribute], attribute.Key)!;
        return labels;
    }

    private static string Escaped(string value) =>
        value.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal).Replace("\n", "\\n", StringComparison.Ordinal);
}
