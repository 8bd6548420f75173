using Im.Hosting.Routes;
using Im.Presence.Board;

namespace Im.Presence.Tests;

/// <summary>What others see, over all cases of routes, choice and what was known before.</summary>
public sealed class PresenceViewTests
{
    private static readonly Route[][] Where = [[], [new Route(1, "a", 1, 1)], [new Route(1, "a", 1, 1), new Route(2, "b", 1, 2)]];

    [Theory]
    [InlineData(0, ChosenStatus.Online, "offline")]
    [InlineData(0, ChosenStatus.Away, "offline")]
    [InlineData(0, ChosenStatus.Busy, "offline")]
    [InlineData(0, ChosenStatus.Invisible, "offline")]
    [InlineData(1, ChosenStatus.Online, "online")]
    [InlineData(1, ChosenStatus.Away, "away")]
    [InlineData(1, ChosenStatus.Busy, "busy")]
    [InlineData(1, ChosenStatus.Invisible, "offline")]
    [InlineData(2, ChosenStatus.Online, "online")]
    [InlineData(2, ChosenStatus.Away, "away")]
    [InlineData(2, ChosenStatus.Busy, "busy")]
    [InlineData(2, ChosenStatus.Invisible, "offline")]
    public void Others_see(int routes, ChosenStatus chosen, string seen) => Assert.Equal(seen, PresenceView.Text(PresenceView.Of(Where[routes], chosen)));

    [Theory]
    [InlineData("online", ChosenStatus.Online)]
    [InlineData("away", ChosenStatus.Away)]
    [InlineData("busy", ChosenStatus.Busy)]
    [InlineData("invisible", ChosenStatus.Invisible)]
    public void A_word_is_a_choice(string word, ChosenStatus choice) => Assert.Equal(choice, PresenceView.Parse(word));

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("offline")]
    [InlineData("Online")]
    [InlineData("0")]
    public void Any_other_word_is_none(string? word) => Assert.Null(PresenceView.Parse(word));

    [Fact]
    public void A_record_keeps_its_rules_in_every_case()
    {
        foreach (var before in Records())
        {
            foreach (var where in Where)
            {
                foreach (var choice in Choices())
                {
                    foreach (var again in (bool[])[false, true]) AssertLook(before, where, choice, again);
                }
            }
        }
    }

    [Fact]
    public void A_record_is_read_as_it_was_written() =>
        Assert.All(Records(), record => Assert.Equal(record, record.Version == 0 ? PresenceRecord.Unknown : PresenceRecord.Parse(record.Text())));

    [Fact]
    public void Of_two_choices_the_later_counts_whatever_comes_first()
    {
        var (early, late) = (new StatusChoice(ChosenStatus.Away, 10), new StatusChoice(ChosenStatus.Busy, 20));
        foreach (var (first, second) in new[] { (early, late), (late, early) })
        {
            var record = PresenceRecord.Unknown.Look(Where[1], first, 1).Look(Where[1], second, 2);
            Assert.Equal(VisibleStatus.Busy, record.Status);
        }
    }

    [Fact]
    public void A_choice_ends_with_the_last_route_and_one_that_comes_after_it_is_ignored()
    {
        var gone = PresenceRecord.Unknown.Look(Where[1], new(ChosenStatus.Busy, 10), 1).Look(Where[0], null, 2).Look(Where[0], new(ChosenStatus.Away, 30), 3);
        Assert.Null(gone.Choice);
        Assert.Equal(VisibleStatus.Online, gone.Look(Where[2], null, 4).Status);
    }

    [Fact]
    public void Who_is_invisible_leaves_no_trace_of_when_he_went()
    {
        var hidden = PresenceRecord.Unknown.Look(Where[1], null, 100).Look(Where[1], new(ChosenStatus.Invisible, 1), 200);
        var gone = hidden.AsAnnounced().Look(Where[0], null, 900);
        Assert.Equal(200, gone.LastSeen);
        Assert.True(gone.Announced);
    }

    private static void AssertLook(PresenceRecord before, Route[] where, StatusChoice? choice, bool again)
    {
        var after = before.Look(where, choice, 5000, again);
        var changed = before.Version == 0 || before.Status != after.Status;
        Assert.Equal(before.Version + 1, after.Version);
        Assert.Equal(PresenceView.Of(where, after.Choice?.Status ?? ChosenStatus.Online), after.Status);
        Assert.Equal(before.Announced && !changed && !again, after.Announced);
        Assert.Equal(changed && after.Status == VisibleStatus.Offline ? 5000 : before.LastSeen, after.LastSeen);
        if (where.Length == 0) Assert.False(after.IsHere);
    }

    private static IEnumerable<StatusChoice?> Choices() =>
        [null, .. Enum.GetValues<ChosenStatus>().SelectMany(status => new StatusChoice?[] { new(status, 10), new(status, 30) })];

    private static IEnumerable<PresenceRecord> Records()
    {
        yield return PresenceRecord.Unknown;
        foreach (var choice in Choices().Select(choice => choice is null ? choice : choice.Value with { At = 20 }).Distinct())
        {
            foreach (var status in Enum.GetValues<VisibleStatus>())
            {
                yield return new(7, status, null, choice, true);
                yield return new(7, status, 4000, choice, false);
            }
        }
    }
}
