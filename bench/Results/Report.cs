using System.Globalization;
using System.Text.Json;

namespace Im.Bench.Results;

/// <summary>The result of one run as a table for people and a line for programs.</summary>
internal sealed class Report(BenchOptions options, Figures figures)
{
    public Figures Figures => figures;

    public void WriteTable(TextWriter output)
    {
        var load = options.Rate is { } rate ? $"{rate}/s" : $"window {options.Window}";
        output.WriteLine(Invariant($"{options.Format}: {options.Connections} connections of {options.Users} users, {options.Size} bytes, {load}, {figures.Seconds:F1} s"));
        var own = figures.LoadMicroseconds * figures.AcceptedPerSecond * figures.Seconds / 1e6;
        output.WriteLine(Invariant($"accepted   {figures.AcceptedPerSecond,10:N0}/s   delivered {figures.DeliveredPerSecond,10:N0}/s   own CPU {own:F1} s ({figures.LoadMicroseconds:F1} µs per message)"));
        output.WriteLine("               p50 ms    p95 ms    p99 ms    max ms");
        WriteLatencies(output, "accepted", figures.ToAccepted);
        WriteLatencies(output, "delivered", figures.ToDelivered);
        // Else a newcomer takes it for what one message needs.
        if (options.Rate is null)
            output.WriteLine(Invariant($"           with {options.Connections * options.Window:N0} on their way at once, each waits for those before it; --rate shows what one takes"));
        output.WriteLine(Invariant($"sent {figures.Sent}, accepted {figures.Accepted}, deliveries {figures.Delivered}, unanswered {figures.Unanswered}"));
        foreach (var (code, count) in figures.Rejected) output.WriteLine(Invariant($"rejected {code}: {count}"));
        if (figures.Late > 0) output.WriteLine(Invariant($"rejected as unavailable, and stored after all: {figures.Late}"));
        if (figures.Repeated > 0) output.WriteLine(Invariant($"accepted, and told so again with the same place: {figures.Repeated}"));
        output.WriteLine(Invariant($"lost {figures.Lost}, doubled {figures.Doubled}, out of order {figures.OutOfOrder}, left out {figures.LeftOut}, broken connections {figures.Broken.Count}"));
        foreach (var reason in figures.Broken.Take(5)) output.WriteLine($"  {reason}");
        output.WriteLine(figures.Failed ? "FAILED" : "ok");
    }

    public void WriteJson(TextWriter output) => output.WriteLine(JsonSerializer.Serialize(new
    {
        Format = options.Format.Subprotocol,
        options.Connections,
        options.Users,
        options.Size,
        Window = options.Rate is null ? options.Window : (int?)null,
        options.Rate,
        figures.Seconds,
        AcceptedPerSecond = Math.Round(figures.AcceptedPerSecond),
        DeliveredPerSecond = Math.Round(figures.DeliveredPerSecond),
        AcceptedMs = Rounded(figures.ToAccepted),
        DeliveredMs = Rounded(figures.ToDelivered),
        figures.Sent,
        figures.Accepted,
        figures.Delivered,
        figures.Unanswered,
        figures.Rejected,
        figures.Late,
        figures.Repeated,
        figures.Lost,
        figures.Doubled,
        figures.OutOfOrder,
        figures.LeftOut,
        Broken = figures.Broken.Count,
        CpuSeconds = Math.Round(figures.LoadMicroseconds * figures.AcceptedPerSecond * figures.Seconds / 1e6, 2),
        Ok = !figures.Failed,
    }, JsonSerializerOptions.Web));

    private static void WriteLatencies(TextWriter output, string name, Percentiles ms) =>
        output.WriteLine(Invariant($"{name,-11}{ms.P50,10:F2}{ms.P95,10:F2}{ms.P99,10:F2}{ms.Max,10:F2}"));

    private static object Rounded(Percentiles ms) => new
    {
        P50 = Math.Round(ms.P50, 3),
        P95 = Math.Round(ms.P95, 3),
        P99 = Math.Round(ms.P99, 3),
        Max = Math.Round(ms.Max, 3),
    };

    private static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
