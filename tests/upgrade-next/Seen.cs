using System.Collections.Concurrent;

namespace Im.Upgrade.Next;

/// <summary>For the test, which reads the log: what did happen.</summary>
internal static class Seen
{
    private static readonly ConcurrentDictionary<string, bool> s_told = new();

    public static void Once(string what)
    {
        if (s_told.TryAdd(what, true)) Console.WriteLine(what);
    }
}
