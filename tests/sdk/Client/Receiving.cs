using System.Text;
using Im.Protocol;

namespace Im.Client.Tests.Client;

public class Receiving : ClientTest
{
    [Fact]
    public async Task Messages_come_once_and_in_order_however_often_they_are_sent()
    {
        var socket = await ConnectAsync();
        await socket.MessageAsync("c1", 4, 5, 5, 4, 6);
        await socket.MessageAsync("c2", 1);
        await socket.MessageAsync("c1", 6, 7);
        Assert.Equal(["c1 4", "c1 5", "c1 6", "c2 1", "c1 7"], (await TakeAsync(5)).Select(message => $"{message.Conversation} {message.Seq}"));
    }

    [Fact]
    public async Task A_message_has_what_the_wire_said()
    {
        var socket = await ConnectAsync();
        await socket.MessageAsync("c1", 1);
        var message = Assert.Single(await TakeAsync(1));
        Assert.Equal(("c1", 1L, "mid-1", "bob", null, "text 1", "text/plain", DateTimeOffset.FromUnixTimeMilliseconds(1001)),
            (message.Conversation, message.Seq, message.MessageId, message.From, message.Id, message.Text, message.Type, message.Time));
    }

    [Fact]
    public async Task Own_sends_count_as_held()
    {
        var socket = await ConnectAsync();
        await socket.MessageAsync("c1", 1);
        var sending = Send("two");
        await socket.AcceptAsync(await socket.FrameAsync<ClientFrame.Send>(), "c1", 2);
        await sending.WaitAsync(Soon.Limit);
        await socket.MessageAsync("c1", 2, 3);
        Assert.Equal([1L, 3L], (await TakeAsync(2)).Select(message => message.Seq));
    }

    [Fact]
    public async Task An_own_answer_that_overtakes_the_replay_hides_nothing_of_it()
    {
        await UseAsync(Options with { Cursors = new ImCursors("log-1", new Dictionary<string, long> { ["c1"] = 5 }) });
        var socket = await ConnectAsync();
        var sending = Send("eight");
        await socket.AcceptAsync(await socket.FrameAsync<ClientFrame.Send>(), "c1", 8);
        await sending.WaitAsync(Soon.Limit);
        await socket.MessageAsync("c1", 6, 7, 8, 9);
        Assert.Equal([6L, 7L, 9L], (await TakeAsync(3)).Select(message => message.Seq));
    }

    [Fact]
    public async Task A_replayed_message_of_ones_own_answers_the_send_whose_answer_was_lost()
    {
        var socket = await ConnectAsync();
        var sending = Send("hi");
        var send = await socket.FrameAsync<ClientFrame.Send>();
        socket = await BreakAsync(socket);
        await socket.SendAsync(new ServerFrame.Message("c1", 1, "mid-1", "me", send.Id, send.Body, "text/plain", 1001));
        Assert.Equal(1, (await sending.WaitAsync(Soon.Limit)).Seq);
        await socket.MessageAsync("c1", 2);
        Assert.Equal(2, Assert.Single(await TakeAsync(1)).Seq);
    }

    [Fact]
    public async Task A_message_that_another_device_of_the_user_sent_is_received_with_its_id()
    {
        var socket = await ConnectAsync();
        await socket.SendAsync(new ServerFrame.Message("c1", 1, "mid-1", "me", "from-phone", "x"u8.ToArray(), "text/plain", 1001));
        Assert.Equal(("me", "from-phone"), (Assert.Single(await TakeAsync(1)) is var message ? (message.From, message.Id) : default));
    }

    [Fact]
    public async Task A_gap_makes_the_client_come_back_at_once_with_what_it_holds()
    {
        var socket = await ConnectAsync();
        await socket.MessageAsync("c1", 1, 2);
        await socket.MessageAsync("c1", 4);
        await socket.Over;
        socket = await Gateway.WelcomeAsync();
        Assert.Equal(2, socket.Hello!.Cursors!["c1"]);
        await socket.MessageAsync("c1", 3, 4);
        Assert.Equal([1L, 2L, 3L, 4L], (await TakeAsync(4)).Select(message => message.Seq));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Joining_a_group_again_leaves_out_what_was_said_meanwhile_and_is_no_gap(bool afterReconnect)
    {
        var socket = await ConnectAsync();
        await socket.MessageAsync("g1", 1, 2);
        await TakeAsync(2);
        if (afterReconnect) socket = await BreakAsync(socket);
        var joined = """{"joined":["bob","me"]}"""u8.ToArray();
        await socket.SendAsync(new ServerFrame.Message("g1", 9, "mid-9", "owner", null, joined, Limits.MemberType, 1009));
        await socket.MessageAsync("g1", 10);

        Assert.Equal([9L, 10L], (await TakeAsync(2)).Select(message => message.Seq));
        Assert.Equal(10, Client.Cursors.Conversations["g1"]);
    }

    [Theory]
    [InlineData("""{"joined":["bob"]}""")]
    [InlineData("""{"left":["me"]}""")]
    [InlineData("""{"joined":"me"}""")]
    [InlineData("""["me"]""")]
    [InlineData("me")]
    public async Task A_change_of_other_members_beyond_a_gap_is_a_gap(string body)
    {
        var socket = await ConnectAsync();
        await socket.MessageAsync("g1", 1, 2);
        await socket.SendAsync(new ServerFrame.Message("g1", 9, "mid-9", "owner", null, Encoding.UTF8.GetBytes(body), Limits.MemberType, 1009));
        await socket.Over;
        socket = await Gateway.WelcomeAsync();

        Assert.Equal(2, socket.Hello!.Cursors!["g1"]);
    }

    [Fact]
    public async Task A_slow_application_costs_the_queue_and_nothing_is_lost()
    {
        await UseAsync(Options with { ReceiveQueue = 10 });
        var socket = await ConnectAsync();
        await socket.MessageAsync("c1", [.. Enumerable.Range(1, 30).Select(seq => (long)seq)]);
        // An answer still gets through while the queue is full.
        var sending = Send("hi");
        await socket.AcceptAsync(await socket.FrameAsync<ClientFrame.Send>(), "c2", 1);
        await sending.WaitAsync(Soon.Limit);

        var seqs = (await TakeAsync(5)).Select(message => message.Seq).ToList();
        await socket.Over;
        socket = await Gateway.WelcomeAsync();
        Assert.Equal(10, socket.Hello!.Cursors!["c1"]);
        seqs.AddRange((await TakeAsync(5)).Select(message => message.Seq));
        await socket.MessageAsync("c1", [.. Enumerable.Range(11, 10).Select(seq => (long)seq)]);
        seqs.AddRange((await TakeAsync(10)).Select(message => message.Seq));
        Assert.Equal(Enumerable.Range(1, 20).Select(seq => (long)seq), seqs);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task An_own_answer_hides_nothing_that_a_full_queue_left_on_the_server(bool beforeSynced)
    {
        await UseAsync(Options with { ReceiveQueue = 2 });
        var socket = await ConnectAsync();
        if (!beforeSynced) await socket.SendAsync(new ServerFrame.Synced());
        await socket.MessageAsync("c1", 1, 2);
        // These find the queue full: the client knows of their conversation nothing but the answer that follows.
        await socket.MessageAsync("c2", 5, 6);
        var sending = Send("seven");
        await socket.AcceptAsync(await socket.FrameAsync<ClientFrame.Send>(), "c2", 7);
        if (beforeSynced) await socket.SendAsync(new ServerFrame.Synced());
        await sending.WaitAsync(Soon.Limit);

        await TakeAsync(2);
        await socket.Over;
        socket = await Gateway.WelcomeAsync();
        Assert.Equal(["c1"], socket.Hello!.Cursors!.Keys);
        await socket.MessageAsync("c2", 5, 6);
        Assert.Equal([5L, 6L], (await TakeAsync(2)).Select(message => message.Seq));
    }

    [Fact]
    public async Task A_gap_that_the_next_connection_has_too_costs_a_pause_and_is_no_storm()
    {
        var socket = await ConnectAsync();
        await socket.MessageAsync("c1", 1);
        await TakeAsync(1);
        await socket.MessageAsync("c1", 3);
        await socket.Over;
        socket = await Gateway.WelcomeAsync();
        await socket.MessageAsync("c1", 3);
        await socket.Over;
        socket = await Gateway.WelcomeAsync();
        await socket.MessageAsync("c1", 3);
        await socket.Over;
        await Time.TimerAsync(TimeSpan.FromMilliseconds(100));
        Time.Advance(TimeSpan.FromMilliseconds(100));
        socket = await Gateway.WelcomeAsync();
        await socket.MessageAsync("c1", 2, 3);
        Assert.Equal([2L, 3L], (await TakeAsync(2)).Select(message => message.Seq));
    }

    [Fact]
    public async Task A_restored_log_drops_the_cursors()
    {
        await UseAsync(Options with { Cursors = new ImCursors("log-0", new Dictionary<string, long> { ["c1"] = 5 }) });
        var reset = new TaskCompletionSource<string>(TaskCreationOptions.RunContinuationsAsynchronously);
        Client.LogReset += reset.SetResult;
        var connecting = Client.ConnectAsync();
        var socket = await Gateway.WelcomeAsync();
        Assert.Equal(5, socket.Hello!.Cursors!["c1"]);
        await socket.Over;
        socket = await Gateway.WelcomeAsync();
        Assert.Null(socket.Hello!.Cursors);
        await connecting.WaitAsync(Soon.Limit);
        Assert.Equal("log-1", await reset.Task);
        Assert.Equal("log-1", Client.Cursors.Log);
    }

    [Fact]
    public async Task Cancelling_ends_the_loop_and_loses_nothing()
    {
        var socket = await ConnectAsync();
        using var cancel = new CancellationTokenSource();
        var waiting = Task.Run(async () =>
        {
            await foreach (var _ in Client.ReceiveAsync(cancel.Token)) Assert.Fail("nothing was sent");
        });
        await cancel.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting.WaitAsync(Soon.Limit));
        await socket.MessageAsync("c1", 1);
        Assert.Equal(1, Assert.Single(await TakeAsync(1)).Seq);
    }
}
