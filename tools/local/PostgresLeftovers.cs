using System.Globalization;

namespace Im.Local;

/// <summary>
/// What a killed PostgreSQL leaves: its backends end when they notice, which takes them up to seconds on a busy machine, and a new one refuses to start while one
/// of them holds the old one's memory ("pre-existing shared memory block is still in use").
/// </summary>
internal static class PostgresLeftovers
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30), Pause = TimeSpan.FromMilliseconds(50);

    /// <summary>Returns when nobody holds it, or at the limit: then PostgreSQL says so itself.</summary>
    public static async Task GoneAsync(string data, CancellationToken cancel)
    {
        var pidFile = Path.Combine(data, "postmaster.pid");
        if (!File.Exists(pidFile)) return;
        // The seventh line: key and id of the memory.
        var block = (await File.ReadAllLinesAsync(pidFile, cancel)).ElementAtOrDefault(6)?.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        if (block is not [_, var id]) return;
        var began = TimeProvider.System.GetTimestamp();
        while (IsHeld(id) && TimeProvider.System.GetElapsedTime(began) < Limit) await Task.Delay(Pause, cancel);
    }

    /// <summary>A line of the kernel's table: key, id, permissions, size, two pids, how many hold it.</summary>
    private static bool IsHeld(string id) => File.ReadLines("/proc/sysvipc/shm").Skip(1)
        .Select(line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries))
        .Any(columns => columns.Length > 6 && columns[1] == id && int.Parse(columns[6], CultureInfo.InvariantCulture) > 0);
}
