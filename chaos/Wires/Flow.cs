namespace Im.Chaos.Wires;

/// <summary>Which directions of a wire are cut: nothing gets through, and nobody is told. What was sent meanwhile comes when it heals, as with TCP.</summary>
[Flags]
public enum Flow
{
    None = 0,

    /// <summary>From the one who connected to the one who listens.</summary>
    Forward = 1,

    Back = 2,

    Both = Forward | Back,
}
