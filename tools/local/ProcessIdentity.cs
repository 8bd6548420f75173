using System.Globalization;

namespace Im.Local;

/// <summary>
/// A process that cannot be mistaken for another: a pid is reused, a pid together with its start time and the boot is not.
/// Whoever signals a process that he did not start himself goes through this.
/// </summary>
public sealed record ProcessIdentity(int Pid, long StartTicks, string Boot)
{
    private const int StateField = 0, ParentField = 1, UserTimeField = 11, StartField = 19, ResidentField = 21;

    private static readonly Lazy<string> CurrentBoot = new(() => File.ReadAllText("/proc/sys/kernel/random/boot_id").Trim());

    /// <summary>The process with this pid, or null if there is none or it is only waiting to be reaped.</summary>
    public static ProcessIdentity? Of(int pid)
    {
        var fields = ReadStat($"/proc/{pid}/stat");
        if (fields is null || fields[StateField] is "Z" or "X")
            return null;
        return new(pid, long.Parse(fields[StartField], CultureInfo.InvariantCulture), CurrentBoot.Value);
    }

    /// <summary>Reads what <see cref="ToString"/> wrote; null for anything else.</summary>
    public static ProcessIdentity? Parse(string text)
    {
        var parts = text.Trim().Split(' ');
        return parts.Length == 3
            && int.TryParse(parts[0], NumberStyles.None, CultureInfo.InvariantCulture, out var pid)
            && long.TryParse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out var ticks)
            ? new(pid, ticks, parts[2])
            : null;
    }

    public bool IsAlive => Of(Pid) == this;

    /// <summary>This process and everything that descends from it, parents first.</summary>
    public IReadOnlyList<ProcessIdentity> Tree() => Trees([this]);

    /// <summary>These processes and everything that descends from them, each once, by one look at all processes.</summary>
    public static IReadOnlyList<ProcessIdentity> Trees(IEnumerable<ProcessIdentity> roots)
    {
        var parents = new Dictionary<int, int>();
        foreach (var directory in Directory.EnumerateDirectories("/proc"))
        {
            if (int.TryParse(Path.GetFileName(directory), NumberStyles.None, CultureInfo.InvariantCulture, out var pid) && ReadStat($"/proc/{pid}/stat") is { } fields)
                parents[pid] = int.Parse(fields[ParentField], CultureInfo.InvariantCulture);
        }
        var children = parents.ToLookup(pair => pair.Value, pair => pair.Key);
        var tree = roots.Where(root => root.IsAlive).Distinct().ToList();
        for (var next = 0; next < tree.Count; next++)
            tree.AddRange(children[tree[next].Pid].Select(Of).OfType<ProcessIdentity>().Where(child => !tree.Contains(child)));
        return tree;
    }

    /// <summary>What it has used of the processors, with its children that ended and were waited for; nothing once it is gone.</summary>
    public TimeSpan ProcessorTime
    {
        get
        {
            // utime, stime, cutime, cstime of proc(5), in hundredths of a second (USER_HZ).
            var times = Of(Pid) == this ? ReadStat($"/proc/{Pid}/stat")?[UserTimeField..(UserTimeField + 4)] : null;
            return TimeSpan.FromMilliseconds(10 * (times ?? []).Sum(time => long.Parse(time, CultureInfo.InvariantCulture)));
        }
    }

    /// <summary>Bytes of its memory that are in the machine's; 0 once it is gone.</summary>
    public long ResidentBytes => Of(Pid) == this && ReadStat($"/proc/{Pid}/stat") is { } fields
        ? long.Parse(fields[ResidentField], CultureInfo.InvariantCulture) * Environment.SystemPageSize : 0;

    /// <summary>No thread of it runs (SIGSTOP), or it is gone.</summary>
    public bool IsStopped
    {
        get
        {
            try
            {
                return Directory.EnumerateDirectories($"/proc/{Pid}/task").All(thread => ReadStat($"{thread}/stat") is not { } fields || fields[StateField] is "T" or "t" or "Z" or "X");
            }
            catch (DirectoryNotFoundException)
            {
                return true;
            }
        }
    }

    internal void Signal(Signal signal)
    {
        if (IsAlive)
            Native.Signal(Pid, signal);
    }

    /// <summary>Asks the process to end (SIGTERM). Does nothing if it is gone.</summary>
    public void Terminate() => Signal(Local.Signal.Terminate);

    /// <summary>Kills the process and all its descendants (SIGKILL); answers with those that were hit.</summary>
    public IReadOnlyList<ProcessIdentity> KillTree()
    {
        var tree = Tree();
        foreach (var process in tree)
            process.Signal(Local.Signal.Kill);
        return tree;
    }

    /// <summary>Waits until the process is gone; false when the limit has passed before.</summary>
    public async Task<bool> WaitForExitAsync(TimeSpan limit, CancellationToken cancel)
    {
        var started = TimeProvider.System.GetTimestamp();
        while (IsAlive)
        {
            if (TimeProvider.System.GetElapsedTime(started) > limit)
                return false;
            // A process that is not our child offers nothing to wait on but its entry in /proc.
            await Task.Delay(TimeSpan.FromMilliseconds(20), cancel);
        }
        return true;
    }

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Pid} {StartTicks} {Boot}");

    /// <summary>The fields of /proc/PID/stat, or of one of its threads, behind the command's name, which may itself hold spaces and brackets.</summary>
    private static string[]? ReadStat(string path)
    {
        try
        {
            var text = File.ReadAllText(path);
            return text[(text.LastIndexOf(')') + 2)..].Split(' ');
        }
        catch (IOException)
        {
            // The process ended before or while it was read: the answer is that it is gone.
            return null;
        }
    }
}
