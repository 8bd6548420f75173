using Im.Contracts;
using Im.Profile.Contacts;
using static Im.Profile.Contacts.ContactState;

namespace Im.Accounts.Tests.Contacts;

/// <summary>What becomes of two users, for every way to stand to each other, blocked or not, with room or without.</summary>
public sealed class ContactRulesTests
{
    public static TheoryData<ContactState, bool, bool> Facts
    {
        get
        {
            var facts = new TheoryData<ContactState, bool, bool>();
            foreach (var before in Enum.GetValues<ContactState>())
                foreach (var blocked in (bool[])[false, true])
                    foreach (var full in (bool[])[false, true]) facts.Add(before, blocked, full);
            return facts;
        }
    }

    [Theory]
    [MemberData(nameof(Facts))]
    public void A_request_asks_accepts_who_asked_before_and_repeats_in_peace(ContactState before, bool blocked, bool full)
    {
        var decision = ContactRules.Request(new(before, blocked, full));
        var expected = (before, blocked, full) switch
        {
            (_, true, _) => (before, "blocked"),
            (None, _, true) => (None, "invalid"),
            (None, _, _) => (Requested, null),
            (Pending, _, _) => (Accepted, null),
            _ => (before, (string?)null),
        };
        Assert.Equal(expected, (decision.After, decision.Refused?.Code));
    }

    [Theory]
    [MemberData(nameof(Facts))]
    public void Only_a_request_of_the_other_can_be_accepted(ContactState before, bool blocked, bool full)
    {
        var decision = ContactRules.Accept(new(before, blocked, full));
        var expected = (before, blocked) switch
        {
            (Accepted, _) => (Accepted, null),
            (Pending, false) => (Accepted, null),
            (Pending, true) => (Pending, "blocked"),
            _ => (before, "not_found"),
        };
        Assert.Equal(expected, (decision.After, decision.Refused?.Code));
    }

    [Theory]
    [MemberData(nameof(Facts))]
    public void Removing_is_never_refused(ContactState before, bool blocked, bool full) =>
        Assert.Equal(new(None), ContactRules.Remove(new(before, blocked, full)));

    [Theory]
    [InlineData(None, None)]
    [InlineData(Requested, Pending)]
    [InlineData(Pending, Requested)]
    [InlineData(Accepted, Accepted)]
    public void The_other_one_stands_the_opposite_way(ContactState state, ContactState opposite) => Assert.Equal(opposite, ContactRules.Opposite(state));

    [Theory]
    [InlineData(5, 5, "invalid")]
    [InlineData(5, Ids.SystemUser, "forbidden")]
    [InlineData(5, 6, null)]
    public void Nobody_is_a_contact_of_himself_or_of_the_system(long user, long other, string? code) =>
        Assert.Equal(code, ContactRules.Refuse(user, other)?.Code);
}
