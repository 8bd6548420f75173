using Im.Chaos.Journals;

namespace Im.Chaos.Verdicts.Facts;

/// <summary>One connection of a device, from the lines about it.</summary>
internal sealed class DeviceConnection(int line)
{
    public int Line { get; } = line;

    /// <summary>It did not exist before this moment. Zero where the journal does not say.</summary>
    public TimeSpan Dialled { get; set; }

    public Connected? Connected { get; set; }

    public TimeSpan? Synced { get; set; }

    public Disconnected? Ended { get; set; }

    /// <summary>Which of the device's sessions it is of, from 0 on. Where that is in doubt, the newer one.</summary>
    public int Session { get; set; }

    /// <summary><see cref="TimeSpan.MaxValue"/> where it lasted to the end.</summary>
    public TimeSpan EndedAt => Ended?.At ?? TimeSpan.MaxValue;

    /// <summary>Whether it was there from the one to the other.</summary>
    public bool IsUp(TimeSpan from, TimeSpan to) => Connected is { } connected && connected.At <= from && EndedAt > to;
}
