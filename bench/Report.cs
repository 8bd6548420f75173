using System.Globalization;
using System.Text.Json;

namespace Im.Bench;

/// <summary>The result as a table for people and a line for programs.</summary>
internal sealed class Report(BenchOptions options, Tally tally, double seconds, double cpuSeconds)
{
    public bool Failed => tally.Lost + tally.Doubled + tally.Disordered + tally.Gaps + tally.Unanswered > 0 || !tally.Broken.IsEmpty;

    private double AcceptedRate => tally.MeasuredAccepted / seconds;

    private double DeliveredRate => tally.MeasuredDelivered / seconds;

    public void WriteTable(TextWriter output)
    {
        var load = options.Rate is { } rate ? $"{rate}/s" : $"window {options.Window}";
        output.WriteLine(Invariant($"{options.Format}: {options.Connections} connections of {options.Users} users, {options.Size} bytes, {load}, {seconds:F1} s"));
        output.WriteLine(Invariant($"accepted   {AcceptedRate,10:N0}/s   delivered {DeliveredRate,10:N0}/s   own CPU {cpuSeconds:F1} s ({PerMessage():F1} µs per message)"));
        output.WriteLine("               p50 ms    p95 ms    p99 ms    max ms");
        WriteLatencies(output, "accepted", tally.ToAccepted);
        WriteLatencies(output, "delivered", tally.ToDelivered);
        // Else a newcomer takes it for what one message needs.
        if (options.Rate is null)
            output.WriteLine(Invariant($"           with {options.Connections * options.Window:N0} on their way at once, each waits for those before it; --rate shows what one takes"));
        output.WriteLine(Invariant($"sent {tally.Sent}, accepted {tally.Accepted}, deliveries {tally.Delivered}, unanswered {tally.Unanswered}"));
        foreach (var (code, count) in tally.Rejected.OrderBy(rejected => rejected.Key)) output.WriteLine(Invariant($"rejected {code}: {count}"));
        output.WriteLine(Invariant($"lost {tally.Lost}, doubled {tally.Doubled}, out of order {tally.Disordered}, left out {tally.Gaps}, broken connections {tally.Broken.Count}"));
        foreach (var reason in tally.Broken.Take(5)) output.WriteLine($"  {reason}");
        output.WriteLine(Failed ? "FAILED" : "ok");
    }

    public void WriteJson(TextWriter output) => output.WriteLine(JsonSerializer.Serialize(new
    {
        Format = options.Format.Subprotocol,
        options.Connections,
        options.Users,
        options.Size,
        Window = options.Rate is null ? options.Window : (int?)null,
        options.Rate,
        Seconds = Math.Round(seconds, 3),
        AcceptedPerSecond = Math.Round(AcceptedRate),
        DeliveredPerSecond = Math.Round(DeliveredRate),
        AcceptedMs = Percentiles(tally.ToAccepted),
        DeliveredMs = Percentiles(tally.ToDelivered),
        tally.Sent,
        tally.Accepted,
        tally.Delivered,
        tally.Unanswered,
        tally.Rejected,
        tally.Lost,
        tally.Doubled,
        OutOfOrder = tally.Disordered,
        LeftOut = tally.Gaps,
        Broken = tally.Broken.Count,
        CpuSeconds = Math.Round(cpuSeconds, 2),
        Ok = !Failed,
    }, JsonSerializerOptions.Web));

    private double PerMessage() => tally.MeasuredAccepted == 0 ? 0 : cpuSeconds * 1e6 / tally.MeasuredAccepted;

    private static void WriteLatencies(TextWriter output, string name, Latencies latencies) => output.WriteLine(Invariant(
        $"{name,-11}{latencies.PercentileMs(0.5),10:F2}{latencies.PercentileMs(0.95),10:F2}{latencies.PercentileMs(0.99),10:F2}{latencies.MaxMs,10:F2}"));

    private static object Percentiles(Latencies latencies) => new
    {
        P50 = Math.Round(latencies.PercentileMs(0.5), 3),
        P95 = Math.Round(latencies.PercentileMs(0.95), 3),
        P99 = Math.Round(latencies.PercentileMs(0.99), 3),
        Max = Math.Round(latencies.MaxMs, 3),
    };

    private static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
