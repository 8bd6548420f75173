using Im.Hosting.Routes;
using Im.Presence.Board;

namespace Im.Presence.Tests;

/// <summary>What others see, over all cases of routes, choice and what was known before.</summary>
public sealed class PresenceViewTests
{
    private static readonly Route[][] Where = [[], [new Route(1, "a", 1, 1)], [new Route(1, "a", 1, 1), new Route(2, "b", 1, 2)]];

    [Fact]
    public void Who_has_no_device_here_is_offline() => Assert.Equal("offline", PresenceView.Text(PresenceView.Of([])));

    [Fact]
    public void Others_see_the_most_available_of_two_devices_and_nothing_of_who_is_invisible_on_one()
    {
        string[] seen =
        [
            "online", "online", "online", "offline",
            "online", "away", "away", "offline",
            "online", "away", "busy", "offline",
            "offline", "offline", "offline", "offline",
        ];
        var choices = Enum.GetValues<ChosenStatus>();
        Assert.Equal(seen, choices.SelectMany(one => choices.Select(other => PresenceView.Text(PresenceView.Of([one, other])))));
        Assert.Equal(["online", "away", "busy", "offline"], choices.Select(one => PresenceView.Text(PresenceView.Of([one]))));
    }

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
                foreach (var chosen in Choices())
                {
                    foreach (var again in (bool[])[false, true]) AssertLook(before, where, chosen, again);
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
        var (early, late) = (new StatusChoice(1, ChosenStatus.Away, 10), new StatusChoice(1, ChosenStatus.Busy, 20));
        foreach (var (first, second) in new[] { (early, late), (late, early) })
        {
            var record = PresenceRecord.Unknown.Look(Where[1], [first], 1).Look(Where[1], [second], 2);
            Assert.Equal(VisibleStatus.Busy, record.Status);
            Assert.Equal(record.Choices, PresenceRecord.Unknown.Look(Where[1], [first, second], 1).Choices);
        }
    }

    [Fact]
    public void A_choice_ends_with_its_device_and_one_that_comes_after_it_is_ignored()
    {
        var both = PresenceRecord.Unknown.Look(Where[2], [new(1, ChosenStatus.Busy, 10), new(2, ChosenStatus.Away, 10)], 1);
        Assert.Equal(VisibleStatus.Away, both.Status);
        var phone = both.Look(Where[1], [new(2, ChosenStatus.Away, 30)], 2);
        Assert.Equal((VisibleStatus.Busy, 1), (phone.Status, phone.Choices.Count));
        Assert.Equal(VisibleStatus.Online, phone.Look(Where[2], [], 3).Status);
        var gone = phone.Look(Where[0], [], 3);
        Assert.Empty(gone.Choices);
        Assert.Equal(VisibleStatus.Online, gone.Look(Where[1], [], 4).Status);
    }

    [Fact]
    public void Who_is_invisible_leaves_no_trace_of_when_he_went()
    {
        var hidden = PresenceRecord.Unknown.Look(Where[1], [], 100).Look(Where[1], [new(1, ChosenStatus.Invisible, 1)], 200);
        var gone = hidden.AsAnnounced().Look(Where[0], [], 900);
        Assert.Equal(200, gone.LastSeen);
        Assert.True(gone.Announced);
    }

    private static void AssertLook(PresenceRecord before, Route[] where, StatusChoice[] chosen, bool again)
    {
        var after = before.Look(where, chosen, 5000, again);
        var changed = before.Version == 0 || before.Status != after.Status;
        Assert.Equal(before.Version + 1, after.Version);
        Assert.Equal(PresenceView.Of([.. where.Select(route => ChosenOn(route.DeviceKey, after))]), after.Status);
        Assert.All(after.Choices, choice => Assert.Contains(where, route => route.DeviceKey == choice.DeviceKey));
        Assert.Equal(before.Announced && !changed && !again, after.Announced);
        Assert.Equal(changed && after.Status == VisibleStatus.Offline ? 5000 : before.LastSeen, after.LastSeen);
        if (where.Length == 0) Assert.False(after.IsHere);
    }

    private static ChosenStatus ChosenOn(long device, PresenceRecord record) =>
        record.Choices.Where(choice => choice.DeviceKey == device).Select(choice => choice.Status).SingleOrDefault(ChosenStatus.Online);

    private static IEnumerable<StatusChoice[]> Choices() =>
    [
        [],
        .. Enum.GetValues<ChosenStatus>().SelectMany(status => new StatusChoice[][]
        {
            [new(1, status, 10)], [new(2, status, 30)], [new(1, status, 30), new(2, ChosenStatus.Away, 30)],
        }),
    ];

    private static IEnumerable<PresenceRecord> Records()
    {
        yield return PresenceRecord.Unknown;
        foreach (var choices in Choices())
        {
            foreach (var status in Enum.GetValues<VisibleStatus>())
            {
                yield return new(7, status, null, choices, true);
                yield return new(7, status, 4000, choices, false);
            }
        }
    }
}
