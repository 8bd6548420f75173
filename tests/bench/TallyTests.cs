using System.Diagnostics;
using Im.Bench.Load;
using Im.Bench.Results;

namespace Im.Bench.Tests;

/// <summary>What a run counts: it has to see each fault that it exists for.</summary>
public sealed class TallyTests
{
    private readonly Tally _tally = new(followsEach: true);

    [Theory]
    [InlineData("1 2 3", 0, 0, 0)]
    [InlineData("1 2 2 3", 1, 0, 0)]
    [InlineData("1 3", 0, 0, 1)]
    [InlineData("1 3 2", 0, 1, 1)]
    [InlineData("1 4 2 3 3 5", 1, 2, 2)]
    [InlineData("2", 0, 0, 1)]
    public void A_connection_sees_what_is_doubled_out_of_order_or_left_out(string seqs, long doubled, long disordered, long leftOut)
    {
        var place = new Place([]);
        foreach (var seq in seqs.Split(' ')) place.Note(long.Parse(seq, System.Globalization.CultureInfo.InvariantCulture), anyStart: false, _tally);
        Assert.Equal((doubled, disordered, leftOut), (_tally.Doubled, _tally.Disordered, _tally.Gaps));
    }

    [Fact]
    public void What_was_accepted_and_did_not_arrive_everywhere_is_lost()
    {
        _tally.CountSent(3, due: 1);
        _tally.CountAccepted(3, due: 1);
        _tally.CountDelivered(due: 1);
        Assert.Equal((0, 2), (_tally.Unanswered, _tally.Lost));
    }

    [Fact]
    public void A_message_has_reached_all_with_the_last_of_its_recipients()
    {
        _tally.Measuring = true;
        var (first, second) = (Stopwatch.GetTimestamp() - 2, Stopwatch.GetTimestamp() - 1);
        _tally.CountSent(2, first);
        _tally.CountSent(2, second);
        _tally.CountDelivered(first);
        _tally.CountDelivered(second);
        Assert.Equal(0, _tally.ToLast.Count);
        _tally.CountDelivered(first);
        Assert.Equal(1, _tally.ToLast.Count);
        _tally.CountDelivered(second);
        Assert.Equal(2, _tally.ToLast.Count);
    }

    [Fact]
    public void What_the_connection_did_not_take_was_not_sent()
    {
        _tally.CountSent(1, due: 1);
        _tally.CountUnsent(due: 1);
        Assert.Equal((0, 0), (_tally.Sent, _tally.Unanswered));
    }

    [Fact]
    public async Task What_is_measured_for_a_while_is_measured_by_itself()
    {
        var one = await _tally.WhileAsync(() => Deliver(1));
        _tally.CountDelivered(Stopwatch.GetTimestamp() - 10 * Stopwatch.Frequency);
        var other = await _tally.WhileAsync(() => Deliver(2));
        Assert.InRange(one.Max, 1000, 1900);
        Assert.InRange(other.Max, 2000, 2900);

        Task Deliver(int seconds)
        {
            _tally.CountDelivered(Stopwatch.GetTimestamp() - seconds * Stopwatch.Frequency);
            return Task.CompletedTask;
        }
    }
}
