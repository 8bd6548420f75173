using Im.Chaos.Journals;

namespace Im.Chaos.Verdicts;

/// <summary>A message of the log as it stands after the end of the run.</summary>
public sealed record LoggedMessage(string Conversation, long Seq, string MessageId, string From, string Text, bool IsMember);

/// <summary>All that a verdict rests on.</summary>
/// <param name="Log">The whole log of every conversation of the crowd, read through the product's own history by a member who was there from the beginning to the end.</param>
/// <param name="Pairs">The conversations of two, with their users; whoever else is in the log of a group says its member messages.</param>
public sealed record Evidence(
    IReadOnlyList<DeviceJournal> Devices,
    IReadOnlyList<ScenarioWindow> Scenarios,
    IReadOnlyList<FaultWindow> Faults,
    IReadOnlyList<MemberCall> MemberCalls,
    IReadOnlyList<Finding> Findings,
    IReadOnlyList<LoggedMessage> Log,
    IReadOnlyDictionary<string, IReadOnlyList<string>> Pairs);
