using Im.Chaos.Journals;
using Im.Chaos.Verdicts.Facts;

namespace Im.Chaos.Verdicts.Rules;

/// <summary>
/// An answered joining or removal is in the log. A call that repeats one which was carried out unanswered changes nothing and is answered the same, so calls of
/// one kind in a row count once; one that was never answered may have been carried out, and may still be so for a while.
/// </summary>
internal static class MemberRule
{
    public static void Judge(Run run, Violations found)
    {
        foreach (var calls in run.Evidence.MemberCalls.GroupBy(call => (call.Conversation, call.User)))
        {
            var (conversation, user) = calls.Key;
            var answered = calls.Where(call => call.Answered is not null).OrderBy(call => call.Asked).ToArray();
            if (answered.Length == 0) continue;
            var stays = run.Log.Find(conversation)?.StaysOf(user) ?? [];
            var what = Missing(answered, stays) ?? Reverted(answered[^1], calls, stays);
            if (what is null) continue;
            found.Add(ViolationKind.Lost, answered[^1].Asked, $"{what} of {user} in {conversation}", () => Proof.OfMember(run, conversation, user));
        }
    }

    /// <summary>Who is removed first was a member from the beginning: his first change in the log is that beginning, and no call's.</summary>
    private static string? Missing(MemberCall[] answered, IReadOnlyList<Stay> stays)
    {
        var asked = 1 + answered.Zip(answered.Skip(1)).Count(pair => pair.First.Joins != pair.Second.Joins);
        var logged = stays.Count + stays.Count(stay => stay.Until is not null) - (answered[0].Joins ? 0 : 1);
        return logged < asked ? $"the log has {Math.Max(logged, 0)} of {asked} answered changes" : null;
    }

    /// <summary>The last answer is what holds in the end, unless a call for the contrary was open by then or later.</summary>
    private static string? Reverted(MemberCall last, IEnumerable<MemberCall> calls, IReadOnlyList<Stay> stays)
    {
        if (calls.Any(call => call.Joins != last.Joins && call.Answered is null && call.Asked + TimeLimits.Unsettled > last.Asked)) return null;
        var isIn = stays.Count > 0 && stays[^1].Until is null;
        return isIn == last.Joins ? null : $"the log does not end with the last answered {(last.Joins ? "joining" : "removal")}";
    }
}
