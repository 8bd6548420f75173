namespace Im.Chaos.Verdicts;

/// <summary>A line of the table: what happened to the messages that were sent in the time of one scenario.</summary>
/// <param name="Sends">Messages, each counted once however often it was repeated.</param>
/// <param name="InFault">Those of them sent in a fault or in the 10 s after it.</param>
/// <param name="Delivered">First arrivals at devices.</param>
/// <param name="Repeats">Arrivals at bare devices of what they held already.</param>
/// <param name="Outage">The longest time in which nothing was accepted though something was waiting for its answer.</param>
/// <param name="Accepting">From the part's answering again to the next message accepted; the longest of the scenario's faults. Null: no fault, or none healed.</param>
/// <param name="Complete">From the part's answering again until every connected device held what had been accepted before that moment.</param>
public sealed record ScenarioRow(
    string Scenario, long Sends, long InFault, long Accepted, long Unanswered, long Delivered, long Repeats,
    long Lost, long Doubled, long OutOfOrder, long Leaked, TimeSpan Outage, TimeSpan? Accepting, TimeSpan? Complete);

/// <param name="Rows">One for each scenario in the order of the run, and one named <c>calm</c> for the rest.</param>
public sealed record Verdict(IReadOnlyList<ScenarioRow> Rows, IReadOnlyList<Violation> Violations)
{
    public bool IsGood => Violations.Count == 0;
}
