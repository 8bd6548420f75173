using Im.Protocol;

namespace Im.Client.Tests.Client;

public class Sending : ClientTest
{
    [Fact]
    public async Task A_send_ends_with_the_place_at_which_it_is_stored()
    {
        var socket = await ConnectAsync();
        var sending = Send("hi");
        var send = await socket.FrameAsync<ClientFrame.Send>();
        Assert.Equal((Bob, "hi"), (send.To, Text(send)));
        Assert.Equal(7, Guid.Parse(send.Id).Version);
        Assert.False(sending.IsCompleted);

        await socket.AcceptAsync(send, "c1", 3);
        Assert.Equal(new SentMessage(send.Id, "c1", 3, "mid-3", DateTimeOffset.FromUnixTimeMilliseconds(1003)), await sending.WaitAsync(Soon.Limit));
    }

    [Fact]
    public async Task Without_an_answer_it_is_repeated_after_5_seconds_with_the_same_id()
    {
        var socket = await ConnectAsync();
        var sending = Send("hi");
        var first = await socket.FrameAsync<ClientFrame.Send>();
        Time.Advance(TimeSpan.FromSeconds(4.9));
        Time.Advance(TimeSpan.FromSeconds(0.1));
        var second = await socket.FrameAsync<ClientFrame.Send>();
        Assert.Equal((first.Id, "hi"), (second.Id, Text(second)));
        Assert.False(socket.HasFrame);

        await socket.AcceptAsync(second, "c1", 1);
        Assert.Equal(1, (await sending.WaitAsync(Soon.Limit)).Seq);
        await socket.AcceptAsync(second, "c1", 1);
    }

    [Fact]
    public async Task After_a_break_unanswered_sends_go_out_again_in_their_first_order()
    {
        var socket = await ConnectAsync();
        var sendings = Enumerable.Range(0, 50).Select(number => Send($"{number}")).ToList();
        var sent = new List<ClientFrame.Send>();
        for (var i = 0; i < 50; i++) sent.Add(await socket.FrameAsync<ClientFrame.Send>());
        Assert.Equal(Enumerable.Range(0, 50).Select(number => $"{number}"), sent.Select(Text));
        for (var i = 0; i < 10; i++) await socket.AcceptAsync(sent[i], "c1", i + 1);
        await Task.WhenAll(sendings[..10]).WaitAsync(Soon.Limit);

        socket = await BreakAsync(socket);
        sendings.Add(Send("50"));
        for (var i = 10; i < 51; i++)
        {
            var again = await socket.FrameAsync<ClientFrame.Send>();
            Assert.Equal($"{i}", Text(again));
            if (i < 50) Assert.Equal(sent[i].Id, again.Id);
            await socket.AcceptAsync(again, "c1", i + 1);
        }

        var places = await Task.WhenAll(sendings).WaitAsync(Soon.Limit);
        Assert.Equal(Enumerable.Range(1, 51).Select(seq => (long)seq), places.Select(place => place.Seq));
    }

    [Fact]
    public async Task What_is_sent_while_there_is_no_connection_waits_for_it()
    {
        var socket = await ConnectAsync();
        socket.Break();
        await Time.TimerAsync(TimeSpan.FromMilliseconds(100));
        var sendings = new[] { Send("one"), Send("two") };
        Time.Advance(TimeSpan.FromMilliseconds(100));
        socket = await Gateway.WelcomeAsync();
        Assert.Equal("one", Text(await socket.FrameAsync<ClientFrame.Send>()));
        Assert.Equal("two", Text(await socket.FrameAsync<ClientFrame.Send>()));
        Assert.All(sendings, sending => Assert.False(sending.IsCompleted));
    }

    [Fact]
    public async Task A_final_refusal_is_an_exception_with_its_code()
    {
        var socket = await ConnectAsync();
        var sending = Send("hi");
        var send = await socket.FrameAsync<ClientFrame.Send>();
        await socket.SendAsync(new ServerFrame.Rejected(send.Id, Codes.Blocked, false));
        var refused = await Assert.ThrowsAsync<MessageRejectedException>(() => sending.WaitAsync(Soon.Limit));
        Assert.Equal((Codes.Blocked, send.Id), (refused.Code, refused.Id));
    }

    [Fact]
    public async Task A_retryable_refusal_is_repeated_after_the_servers_pause_or_a_growing_one()
    {
        var socket = await ConnectAsync();
        var sending = Send("hi");
        var send = await socket.FrameAsync<ClientFrame.Send>();
        foreach (var (asked, pause) in new (int?, int)[] { (700, 700), (null, 200), (null, 400), (0, 10) })
        {
            await socket.SendAsync(new ServerFrame.Rejected(send.Id, Codes.Unavailable, true, asked));
            if (pause > 10)
            {
                await Time.TimerAsync(TimeSpan.FromMilliseconds(pause));
                Assert.False(socket.HasFrame);
            }
            else
            {
                await Time.TimerAsync(TimeSpan.Zero);
            }

            Time.Advance(TimeSpan.FromMilliseconds(pause));
            Assert.Equal(send.Id, (await socket.FrameAsync<ClientFrame.Send>()).Id);
        }

        await socket.AcceptAsync(send, "c1", 1);
        await sending.WaitAsync(Soon.Limit);
    }

    [Fact]
    public async Task Cancelling_ends_the_waiting_and_the_repeating()
    {
        var socket = await ConnectAsync();
        using var cancel = new CancellationTokenSource();
        var sending = Send("hi", cancel.Token);
        await socket.FrameAsync<ClientFrame.Send>();
        await cancel.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => sending.WaitAsync(Soon.Limit));

        var other = Send("other");
        Assert.Equal("other", Text(await socket.FrameAsync<ClientFrame.Send>()));
        Time.Advance(TimeSpan.FromSeconds(5));
        Assert.Equal("other", Text(await socket.FrameAsync<ClientFrame.Send>()));
        Assert.False(other.IsCompleted);
    }

    [Fact]
    public async Task Only_so_many_unanswered_sends_are_on_the_wire_and_the_others_follow_in_order()
    {
        await UseAsync(Options with { MaxUnanswered = 3 });
        var socket = await ConnectAsync();
        var sendings = Enumerable.Range(1, 6).Select(number => Send($"{number}")).ToList();
        var sent = new List<ClientFrame.Send>();
        for (var i = 0; i < 3; i++) sent.Add(await socket.FrameAsync<ClientFrame.Send>());
        // A ping on the same connection would come behind a fourth send.
        await Client.TypingAsync(Bob);
        await socket.FrameAsync<ClientFrame.Typing>();

        for (var i = 0; i < 3; i++)
        {
            await socket.AcceptAsync(sent[i], "c1", i + 1);
            Assert.Equal($"{i + 4}", Text(await socket.FrameAsync<ClientFrame.Send>()));
        }

        await Task.WhenAll(sendings[..3]).WaitAsync(Soon.Limit);
    }

    [Fact]
    public async Task What_the_server_would_refuse_is_refused_here()
    {
        var socket = await ConnectAsync();
        async Task<string> Code(string text) => (await Assert.ThrowsAsync<MessageRejectedException>(() => Send(text))).Code;
        Assert.Equal(Codes.TooBig, await Code(new string('x', Limits.BodyBytes + 1)));
        Assert.Equal(Codes.BadText, await Code("a\0b"));
        Assert.Equal(Codes.BadText, await Code("\ud83d"));
        await Assert.ThrowsAsync<ArgumentException>(() => Client.SendAsync(Bob, "x", id: "not an id"));
        await Assert.ThrowsAsync<ArgumentException>(() => Client.SendAsync(new Target(null, null), "x"));

        _ = Send(new string('x', Limits.BodyBytes));
        Assert.Equal(Limits.BodyBytes, (await socket.FrameAsync<ClientFrame.Send>()).Body.Length);
    }

    [Fact]
    public async Task More_than_the_connections_buffer_takes_leaves_in_messages_of_64_KiB_without_loss_of_order()
    {
        var socket = await ConnectAsync();
        await socket.MessageAsync();
        var big = new string('x', 10_000);
        var sendings = Enumerable.Range(0, 200).Select(number => Send($"{number} {big}")).ToList();
        for (var i = 0; i < 200; i++)
        {
            var send = await socket.FrameAsync<ClientFrame.Send>();
            Assert.StartsWith($"{i} ", Text(send), StringComparison.Ordinal);
            await socket.AcceptAsync(send, "c1", i + 1);
        }

        await Task.WhenAll(sendings).WaitAsync(Soon.Limit);
    }
}
