namespace Im.Client.Tests.Parts;

public class Cursors
{
    [Fact]
    public void The_first_message_of_a_conversation_without_cursor_sets_the_start()
    {
        var cursor = new ConversationCursor(0);
        Assert.Equal(Arrival.Next, cursor.Receive(42));
        Assert.Equal(Arrival.Gap, cursor.Receive(44));
        Assert.Equal(Arrival.Next, cursor.Receive(43));
        Assert.Equal((43, 41), (cursor.Held, cursor.Acked));
    }

    [Fact]
    public void With_a_named_cursor_the_next_one_must_follow()
    {
        var cursor = new ConversationCursor(5) { Based = true };
        Assert.Equal(Arrival.Gap, cursor.Receive(7));
        Assert.Equal(Arrival.Repeat, cursor.Receive(5));
        Assert.Equal(Arrival.Next, cursor.Receive(6));
    }

    [Fact]
    public void A_cursor_that_was_not_named_is_replayed_from_wherever_the_server_was()
    {
        var behind = new ConversationCursor(5);
        Assert.Equal(Arrival.Repeat, behind.Receive(3));
        Assert.Equal(Arrival.Gap, behind.Receive(7));
        Assert.Equal(Arrival.Next, new ConversationCursor(5).Receive(9));
    }

    [Fact]
    public void A_loop_that_is_done_with_a_later_message_does_not_acknowledge_what_another_is_still_at()
    {
        var cursor = new ConversationCursor(10) { Based = true };
        foreach (var seq in new long[] { 11, 12, 13 })
        {
            cursor.Receive(seq);
            cursor.HandOut(seq);
        }

        Assert.False(cursor.Take(12));
        Assert.Equal(10, cursor.Acked);
        Assert.True(cursor.Take(11));
        Assert.Equal(12, cursor.Acked);
        cursor.Take(13);
        Assert.Equal(13, cursor.Acked);
    }

    [Fact]
    public void Own_messages_fill_the_places_between_received_ones()
    {
        var cursor = new ConversationCursor(0);
        cursor.Receive(1);
        cursor.Own(2, true);
        cursor.Receive(3);
        Assert.Equal(3, cursor.Held);
        Assert.True(cursor.Acknowledge(1));
        Assert.Equal(1, cursor.Acked);
        cursor.Acknowledge(3);
        Assert.Equal(3, cursor.Acked);
        cursor.Own(4, true);
        Assert.Equal((4, 4), (cursor.Held, cursor.Acked));
    }

    [Theory]
    [InlineData(new long[] { 7, 8, 9 })]
    [InlineData(new long[] { 9, 8, 7 })]
    [InlineData(new long[] { 8, 7, 9 })]
    public void Own_answers_during_the_replay_wait_for_what_lies_before_them(long[] own)
    {
        var cursor = new ConversationCursor(4) { Based = true };
        foreach (var seq in own) Assert.Equal(Arrival.Next, cursor.Own(seq, false));
        Assert.Equal(4, cursor.Held);
        Assert.Equal(Arrival.Next, cursor.Receive(5));
        Assert.Equal(Arrival.Next, cursor.Receive(6));
        Assert.Equal(9, cursor.Held);
        Assert.Equal(Arrival.Repeat, cursor.Receive(8));
        Assert.Equal(Arrival.Next, cursor.Receive(10));
    }

    [Fact]
    public void An_own_answer_before_the_first_replayed_message_of_an_unknown_conversation_hides_nothing()
    {
        var cursor = new ConversationCursor(0);
        cursor.Own(9, false);
        Assert.Equal(Arrival.Next, cursor.Receive(7));
        Assert.Equal(Arrival.Next, cursor.Receive(8));
        Assert.Equal(9, cursor.Held);
    }

    [Fact]
    public void An_own_message_into_an_unknown_conversation_is_its_start_once_the_replay_is_over()
    {
        var during = new ConversationCursor(0);
        during.Own(9, false);
        during.EndReplay();
        Assert.Equal((9, 9), (during.Held, during.Acked));

        var after = new ConversationCursor(0);
        after.Own(9, true);
        Assert.Equal((9, 9), (after.Held, after.Acked));
        Assert.Equal(Arrival.Gap, after.Receive(11));
        Assert.Equal(Arrival.Next, after.Receive(10));
    }

    [Fact]
    public void Joining_again_acknowledges_nothing_that_the_application_has_not_taken()
    {
        var cursor = new ConversationCursor(0);
        cursor.Receive(1);
        cursor.Receive(2);
        cursor.Acknowledge(1);
        cursor.Own(5, replayed: true);

        cursor.Join(9);

        Assert.Equal((8, 1), (cursor.Held, cursor.Acked));
        Assert.Equal(Arrival.Next, cursor.Receive(9));
        Assert.Equal(Arrival.Gap, cursor.Receive(11));
        cursor.Acknowledge(9);
        Assert.Equal(9, cursor.Acked);
    }

    [Fact]
    public void What_was_not_received_cannot_be_acknowledged_or_read()
    {
        var cursor = new ConversationCursor(0);
        cursor.Receive(1);
        cursor.MarkRead(100);
        Assert.Equal((1, 1), (cursor.Acked, cursor.Read));
        cursor.Acknowledge(-5);
        Assert.Equal(1, cursor.Acked);
    }

    /// <summary>Whatever a conforming server does, what is handed on plus one's own is 1, 2, 3 … once each.</summary>
    [Fact]
    public void Any_mixture_of_replays_and_own_answers_gives_every_seq_once()
    {
        for (var seed = 0; seed < 500; seed++)
        {
            var random = new Random(seed);
            var own = Enumerable.Range(1, 40).Select(seq => (long)seq).Where(_ => random.Next(3) == 0).ToHashSet();
            var cursor = new ConversationCursor(0);
            var handed = new List<long>();
            long server = 0;
            while (server < 40)
            {
                if (random.Next(8) == 0)
                {
                    // A new connection: everything behind the named cursor, own messages too.
                    server = cursor.Held;
                    cursor.Based = true;
                    foreach (var early in own.Where(seq => seq > server && seq < server + 5 && random.Next(2) == 0)) cursor.Own(early, false);
                }

                if (++server > 40) break;
                if (own.Contains(server)) Assert.NotEqual(Arrival.Gap, cursor.Own(server, true));
                else if (cursor.Receive(server) is Arrival.Next) handed.Add(server);
                else Assert.True(handed.Contains(server), $"seed {seed}: {server}");
            }

            Assert.Equal(Enumerable.Range(1, 40).Select(seq => (long)seq).Where(seq => !own.Contains(seq)), handed);
            Assert.Equal(40, cursor.Held);
        }
    }
}
