using System.Text;
using System.Text.RegularExpressions;

namespace Im.Telemetry.Tests.Prometheus;

/// <summary>What a metric is to Prometheus.</summary>
public enum PrometheusType
{
    Counter,
    Gauge,
    Histogram,
}

/// <summary>
/// The names that the collector's Prometheus exporter makes of those of OpenTelemetry, with <c>translation_strategy: UnderscoreEscapingWithSuffixes</c>: the
/// rules of "Prometheus and OpenMetrics Compatibility" in the specification of OpenTelemetry, as the exporter's own translator has them. There is no
/// collector on the machines that run the tests, and no package of the exporter for .NET makes exactly its names.
/// </summary>
public static partial class ExporterNames
{
    private static readonly Dictionary<string, string> Units = Pairs(
        "d=days h=hours min=minutes s=seconds ms=milliseconds us=microseconds ns=nanoseconds By=bytes KiBy=kibibytes MiBy=mebibytes GiBy=gibibytes "
        + "KBy=kilobytes MBy=megabytes GBy=gigabytes m=meters V=volts A=amperes J=joules W=watts g=grams Cel=celsius Hz=hertz 1= %=percent");

    private static readonly Dictionary<string, string> PerUnits = Pairs("s=second m=minute h=hour d=day w=week mo=month y=year");

    /// <summary>Words of the name joined by single underscores, the unit behind them, then what the type adds. A histogram's series add more themselves.</summary>
    public static string Metric(string name, string unit, PrometheusType type)
    {
        var words = NotOfMetrics().Split(name).Where(word => word.Length > 0).ToList();
        var (main, per) = UnitWords(unit);
        if (main.Length > 0 && !words.Contains(main)) words.Add(main);
        if (per.Length > 0 && !words.Contains(per)) words.Add(per);
        if (type == PrometheusType.Counter) MoveToEnd(words, "total");
        // Counters with this unit count things; only of gauges it is a ratio.
        if (type == PrometheusType.Gauge && unit == "1") MoveToEnd(words, "ratio");
        var joined = string.Join('_', words);
        return joined.Length > 0 && char.IsAsciiDigit(joined[0]) ? "_" + joined : joined;
    }

    /// <summary>What cannot stand in a label becomes an underscore, one for each; what could not begin one is put behind a word.</summary>
    public static string Label(string attribute)
    {
        var label = new StringBuilder(NotOfLabels().Replace(attribute, "_"));
        if (label.Length == 0) return "";
        if (char.IsAsciiDigit(label[0])) return label.Insert(0, "key_").ToString();
        return label[0] == '_' && !(label.Length > 1 && label[1] == '_') ? label.Insert(0, "key").ToString() : label.ToString();
    }

    /// <summary>A unit in braces is a remark and leaves nothing.</summary>
    private static (string Main, string Per) UnitWords(string unit)
    {
        var parts = unit.Split('/', 2, StringSplitOptions.TrimEntries);
        var main = IsRemark(parts[0]) ? "" : Units.GetValueOrDefault(parts[0], parts[0]);
        var per = parts.Length < 2 || IsRemark(parts[1]) ? "" : "per_" + PerUnits.GetValueOrDefault(parts[1], parts[1]);
        return (Cleaned(main), Cleaned(per));
    }

    private static bool IsRemark(string unit) => unit.Length == 0 || unit.AsSpan().ContainsAny('{', '}');

    private static string Cleaned(string words) => NotOfMetrics().Replace(words, "_").Trim('_');

    private static Dictionary<string, string> Pairs(string pairs) => pairs.Split(' ').Select(pair => pair.Split('=')).ToDictionary(pair => pair[0], pair => pair[1]);

    private static void MoveToEnd(List<string> words, string word)
    {
        words.RemoveAll(one => one == word);
        words.Add(word);
    }

    [GeneratedRegex("[^a-zA-Z0-9:]+")]
    private static partial Regex NotOfMetrics();

    [GeneratedRegex("[^a-zA-Z0-9_]")]
    private static partial Regex NotOfLabels();
}
