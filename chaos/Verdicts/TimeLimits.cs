namespace Im.Chaos.Verdicts;

/// <summary>The limits in time that a run is judged by. Those of the contract stand in docs/protocol.md, section 4; the others say why they are as they are.</summary>
public static class TimeLimits
{
    /// <summary>Accepting resumes once the failed part answers again: to find a broker or a database again takes seconds, and clients repeat after 5 s.</summary>
    public static readonly TimeSpan Accepting = TimeSpan.FromSeconds(15);

    /// <summary>An online device is complete after a heal, by the contract: one period of reconciliation and what it takes to notice.</summary>
    public static readonly TimeSpan Complete = TimeSpan.FromSeconds(45);

    /// <summary>A device that was thrown off is connected again after a heal: the longest backoff, a shed connect and another one.</summary>
    public static readonly TimeSpan Connected = TimeSpan.FromSeconds(60);

    /// <summary>
    /// Delivery to a synced device while nothing is broken. A thousand times what it takes, so that a busy machine is no violation; and less than reconciliation
    /// takes, so that what only that finds is one.
    /// </summary>
    public static readonly TimeSpan CalmDelivery = TimeSpan.FromSeconds(5);

    /// <summary>The older of two connections of a device is closed while nothing is broken.</summary>
    public static readonly TimeSpan CalmReplaced = TimeSpan.FromSeconds(5);

    /// <summary>Time after a heal that is not calm yet, the same as for completeness.</summary>
    public static readonly TimeSpan Aftermath = Complete;

    /// <summary>A session sends and receives after its end, by the contract.</summary>
    public static readonly TimeSpan SessionEnd = TimeSpan.FromSeconds(2);

    /// <summary>The same while a part is cut off, and so long after it, by the contract.</summary>
    public static readonly TimeSpan SessionEndInFault = TimeSpan.FromSeconds(10);

    /// <summary>What counts as sent in a fault: in it, or so long after it.</summary>
    public static readonly TimeSpan AfterFault = TimeSpan.FromSeconds(10);

    /// <summary>A device repeats what waits after 5 s: one that was connected for so long has repeated it since.</summary>
    public static readonly TimeSpan Repeated = TimeSpan.FromSeconds(10);

    /// <summary>A call without an answer may be carried out for so long: the longest freeze of a process, and what is left of the call.</summary>
    public static readonly TimeSpan Unsettled = TimeSpan.FromMinutes(2);

    /// <summary>A message that nobody was told of may be stored for so long after its last try.</summary>
    public static readonly TimeSpan Straggling = TimeSpan.FromMinutes(1);
}
