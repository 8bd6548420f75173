using System.Globalization;
using System.Net.Sockets;
using Im.Local;

namespace Im.Chaos.Systems;

/// <summary>What one process takes of the machine.</summary>
/// <param name="Bytes">Resident, once all garbage is collected and what is free given back.</param>
/// <param name="Heap">Of those, the objects on the heap.</param>
public readonly record struct Vital(long Bytes, Heap Heap, int Threads);

/// <summary>Bytes of objects, and of those the ones from 85,000 bytes on and the pinned ones: where a buffer is kept it is seen in these.</summary>
public readonly record struct Heap(long Live, long Large, long Pinned);

/// <summary>
/// Memory and threads of the services: after all faults they are where they were. Judged is resident memory, which an operator sees and which holds everything: heap,
/// compiled code, stacks, what libraries take. Each process collects before it is measured, for what a collector has not come round to yet says nothing: how much that
/// is depends on when it ran last. The live bytes stand beside it: a leak of objects shows in both, what grows in the first only is code, stacks or native memory.
/// </summary>
public static class Vitals
{
    /// <summary>More than this share above the baseline is a leak until shown otherwise.</summary>
    public const double MemoryShare = 0.20;

    /// <summary>Threads that a pool may have more than at the baseline.</summary>
    public const int MoreThreads = 10;

    /// <summary>Of what runs; one after the other, so that never two services pause for it.</summary>
    /// <param name="cannot">Told of a process that cannot be measured, which is left out: a run is not lost for it.</param>
    public static async Task<IReadOnlyDictionary<string, Vital>> ReadAsync(IEnumerable<ManagedProcess> processes, Action<string> cannot, CancellationToken cancel)
    {
        var read = new Dictionary<string, Vital>();
        foreach (var process in processes)
        {
            if (process.Identity is not { IsAlive: true } identity) continue;
            try
            {
                read[process.Name] = await ReadAsync(identity, cancel);
            }
            catch (Exception fault) when (fault is IOException or SocketException || (fault is OperationCanceledException && !cancel.IsCancellationRequested))
            {
                cannot($"{process.Name} cannot be measured: {fault.Message}");
            }
        }

        return read;
    }

    /// <inheritdoc cref="Collector.CollectAsync" path="/exception"/>
    public static async Task<Vital> ReadAsync(ProcessIdentity process, CancellationToken cancel)
    {
        var heap = await Collector.CollectAsync(process, cancel);
        var lines = await File.ReadAllLinesAsync($"/proc/{process.Pid}/status", cancel);
        return new Vital(Number(lines, "VmRSS:") * 1024, heap, (int)Number(lines, "Threads:"));
    }

    /// <summary>A line for each process that did not come back to where it was.</summary>
    public static IEnumerable<string> Compare(IReadOnlyDictionary<string, Vital> before, IReadOnlyDictionary<string, Vital> after)
    {
        foreach (var (name, was) in before)
        {
            if (!after.TryGetValue(name, out var now)) continue;
            if (now.Bytes > was.Bytes * (1 + MemoryShare)) yield return $"{name} has {Memory(now)}, had {Memory(was)}";
            if (now.Threads > was.Threads + MoreThreads) yield return $"{name} has {now.Threads} threads, had {was.Threads}";
        }
    }

    /// <summary>A line with all of them, for whoever watches the run.</summary>
    public static string Line(IReadOnlyDictionary<string, Vital> read) =>
        $"memory: {string.Join("; ", read.OrderBy(one => one.Key, StringComparer.Ordinal).Select(one => $"{one.Key} {Memory(one.Value)}"))}";

    private static string Memory(Vital vital) => $"{vital.Bytes >> 20} MiB ({vital.Heap.Live >> 20} live, {vital.Heap.Large >> 20} large, {vital.Heap.Pinned >> 20} pinned)";

    private static long Number(string[] lines, string field) =>
        long.Parse(lines.First(line => line.StartsWith(field, StringComparison.Ordinal)).Split(default(char[]), StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture);
}
