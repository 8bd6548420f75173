namespace Im.Tool.Testing;

/// <summary>What a job does to the machine, and what it needs of it: it decides what may run at the same time.</summary>
internal enum TestLoad
{
    /// <summary>Waits more than it computes, and gives its waits time. The default.</summary>
    Light,

    /// <summary>Can keep all cores busy for minutes, and gives its waits time.</summary>
    Heavy,

    /// <summary>Holds the product to the few seconds that the contract promises; beside a heavy one it would measure the machine.</summary>
    Timed,
}
