using System.Globalization;
using System.Runtime.InteropServices;

namespace Im.Bench.Results;

/// <summary>On what the figures were made. Nothing that names the machine itself.</summary>
internal static class Machine
{
    public static IReadOnlyList<string> Facts() =>
    [
        string.Create(CultureInfo.InvariantCulture, $"{Environment.ProcessorCount} cores of {Processor()}, {GC.GetGCMemoryInfo().TotalAvailableMemoryBytes / (1L << 30)} GiB; the load tool and all servers on it"),
        $"{RuntimeInformation.FrameworkDescription} on {RuntimeInformation.OSDescription}",
    ];

    private static string Processor() => File.ReadLines("/proc/cpuinfo")
        .Where(line => line.StartsWith("model name", StringComparison.Ordinal)).Select(line => line[(line.IndexOf(':') + 1)..].Trim()).FirstOrDefault() ?? "an unnamed processor";
}
