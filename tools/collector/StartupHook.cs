using System.Globalization;
using System.Runtime;

/// <summary>
/// Loaded into a running process from outside; the runtime prescribes the name. Collects all garbage, gives what is free back to the operating system, and leaves
/// in a file how many bytes live: all, and of them large objects and pinned ones. Nothing of it stays but its code.
/// </summary>
internal static class StartupHook
{
    /// <summary>As the runtime counts generations: 0 to 2, large objects, pinned ones.</summary>
    private const int Large = 3, Pinned = 4;

    public static void Initialize()
    {
        // Twice: what waits for its finalizer lives through the first one.
        Collect();
        GC.WaitForPendingFinalizers();
        Collect();
        var memory = GC.GetGCMemoryInfo(GCKind.FullBlocking);
        var answer = Path.Combine(Path.GetTempPath(), $"im-collected-{Environment.ProcessId}");
        File.WriteAllText(answer, string.Create(CultureInfo.InvariantCulture, $"{memory.HeapSizeBytes - memory.FragmentedBytes} {In(memory, Large)} {In(memory, Pinned)}"));
    }

    private static long In(GCMemoryInfo memory, int generation) =>
        memory.GenerationInfo[generation].SizeAfterBytes - memory.GenerationInfo[generation].FragmentationAfterBytes;

    /// <summary>No gentler mode gives all free memory back at once: the collector keeps some until many collections have not used it.</summary>
    private static void Collect()
    {
        GCSettings.LargeObjectHeapCompactionMode = GCLargeObjectHeapCompactionMode.CompactOnce;
        GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
    }
}
