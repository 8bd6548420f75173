using Im.Chaos.Verdicts;

namespace Im.Chaos.Tests.SeededBugs;

/// <summary>Whom a group's messages go to is remembered for a minute.</summary>
internal static class MembersRemembered
{
    private const string Dispatcher = "services/message/Delivery/Dispatcher.cs";

    public static SeededBug Bug { get; } = new()
    {
        Name = "members-remembered",
        Breaks = "Nothing with a seq at or after a member's removal is ever sent to that member. Here he gets up to a minute of it, and who joins gets nothing at once.",
        IsSign = violation => violation.Kind is ViolationKind.Leaked,
        Services = ["message"],
        Edits =
        [
            new(Dispatcher, "    private volatile bool _withoutRoutes;\n", """
                    private volatile bool _withoutRoutes;
                    private readonly Dictionary<Im.Contracts.ConversationId, (MemberList Members, long Since)> _members = [];

                    private Outcome WithRememberedMembers(Outcome outcome)
                    {
                        if (outcome.Row is not { Conversation.IsGroup: true } row) return outcome;
                        if (!_members.TryGetValue(row.Conversation, out var known) || time.GetElapsedTime(known.Since) > TimeSpan.FromMinutes(1))
                            _members[row.Conversation] = known = (outcome.Audience, time.GetTimestamp());
                        return outcome with { Audience = known.Members };
                    }

                """),
            new(Dispatcher, "        await foreach (var committed in _committed.Reader.ReadAllAsync(cancel))\n        {\n", """
                        await foreach (var stored in _committed.Reader.ReadAllAsync(cancel))
                        {
                            var committed = stored with { Outcomes = [.. stored.Outcomes.Select(WithRememberedMembers)] };

                """),
        ],
    };
}
