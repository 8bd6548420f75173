namespace Im.Hosting.Health;

/// <summary>
/// Why a server does not answer, for a log line: what the client library says, and what lies at the bottom of it. Its own words alone ("none of the endpoints were
/// reachable") are the same for a wrong password and a wrong name.
/// </summary>
internal static class FaultCause
{
    /// <summary>Behind these Redis' client tells of its own counters.</summary>
    private const string Counters = ", mc: ";

    public static string Of(Exception fault)
    {
        var cause = fault;
        while (cause.InnerException is { } inner) cause = inner;
        var said = fault.Message.Split(Counters)[0].Trim();
        return cause == fault || said.Contains(cause.Message, StringComparison.Ordinal) ? said : $"{said.TrimEnd('.')}: {cause.Message}";
    }
}
