namespace Im.Chaos.Journals;

/// <summary>How a device talks to the system.</summary>
public enum DeviceKind
{
    /// <summary>Through the SDK, as applications do.</summary>
    Sdk,

    /// <summary>Bare frames, so that the wire itself is seen.</summary>
    Bare,
}

/// <summary>The journal of one device, in the order in which its lines were written. Safe for several threads.</summary>
public sealed class DeviceJournal(string user, string device, DeviceKind kind)
{
    private readonly List<Entry> _entries = [];

    public string User { get; } = user;

    /// <summary>The device id; a user's devices differ in it.</summary>
    public string Device { get; } = device;

    public DeviceKind Kind { get; } = kind;

    public void Add(Entry entry)
    {
        lock (_entries) _entries.Add(entry);
    }

    /// <summary>A copy of all lines so far.</summary>
    public IReadOnlyList<Entry> Read()
    {
        lock (_entries) return [.. _entries];
    }

    public override string ToString() => $"{User}/{Device}";
}
