using Im.Protocol;

namespace Im.Client.Tests.Client;

public class Acknowledging : ClientTest
{
    private static readonly TimeSpan Delay = TimeSpan.FromMilliseconds(50);

    [Fact]
    public async Task What_was_taken_is_acknowledged_with_one_frame_per_conversation()
    {
        var socket = await ConnectAsync();
        await socket.MessageAsync("c1", 1, 2, 3);
        await socket.MessageAsync("c2", 7);
        await TakeAsync(4);
        Time.Advance(Delay);
        Assert.Equal(new ClientFrame.Ack("c1", 3), await socket.FrameAsync());
        Assert.Equal(new ClientFrame.Ack("c2", 7), await socket.FrameAsync());
        Assert.Equal([("c1", 3L), ("c2", 7L)], Client.Cursors.Conversations.Select(cursor => (cursor.Key, cursor.Value)));
    }

    [Fact]
    public async Task What_was_received_and_not_taken_is_not_acknowledged()
    {
        var socket = await ConnectAsync();
        await socket.MessageAsync("c1", 1, 2, 3);
        await TakeAsync(2);
        Time.Advance(Delay);
        Assert.Equal(new ClientFrame.Ack("c1", 2), await socket.FrameAsync());
        Assert.Equal(2, Client.Cursors.Conversations["c1"]);
    }

    [Fact]
    public async Task Own_messages_are_acknowledged_once_all_before_them_were_taken()
    {
        var socket = await ConnectAsync();
        await socket.MessageAsync("c1", 1);
        var sending = Send("two");
        await socket.AcceptAsync(await socket.FrameAsync<ClientFrame.Send>(), "c1", 2);
        await sending.WaitAsync(Soon.Limit);
        Assert.Empty(Client.Cursors.Conversations);
        await TakeAsync(1);
        Time.Advance(Delay);
        Assert.Equal(new ClientFrame.Ack("c1", 2), await socket.FrameAsync());
    }

    [Fact]
    public async Task With_manual_acknowledgement_only_the_application_says_it()
    {
        await UseAsync(Options with { AutomaticAck = false });
        var socket = await ConnectAsync();
        await socket.MessageAsync("c1", 1, 2, 3);
        await TakeAsync(3);
        Time.Advance(Delay);
        await Client.AckAsync("c1", 2);
        Time.Advance(Delay);
        Assert.Equal(new ClientFrame.Ack("c1", 2), await socket.FrameAsync());
        await Client.AckAsync("c1", 99);
        Time.Advance(Delay);
        Assert.Equal(new ClientFrame.Ack("c1", 3), await socket.FrameAsync());
    }

    [Fact]
    public async Task Read_implies_acknowledged_and_both_are_said_again_after_a_break()
    {
        var socket = await ConnectAsync();
        await socket.MessageAsync("c1", 1, 2);
        await TakeAsync(2);
        await Client.MarkReadAsync("c1", 2);
        Time.Advance(Delay);
        Assert.Equal(new ClientFrame.Read("c1", 2), await socket.FrameAsync());

        socket = await BreakAsync(socket);
        await Time.TimerAsync(Delay);
        Time.Advance(Delay);
        Assert.Equal(new ClientFrame.Read("c1", 2), await socket.FrameAsync());
    }

    [Fact]
    public async Task A_conversation_known_from_its_history_only_can_be_read()
    {
        var socket = await ConnectAsync();
        await Client.MarkReadAsync("c1", 7);
        await Client.AckAsync("c2", 7);
        Time.Advance(Delay);
        Assert.Equal(new ClientFrame.Read("c1", 7), await socket.FrameAsync());
        Assert.Empty(Client.Cursors.Conversations);
        await socket.MessageAsync("c1", 8);
        Assert.Equal(8, Assert.Single(await TakeAsync(1)).Seq);
        await Assert.ThrowsAsync<ArgumentException>(() => Client.MarkReadAsync("", 1).AsTask());
    }

    [Fact]
    public async Task A_thousand_messages_cost_one_frame()
    {
        await UseAsync(Options with { ReceiveQueue = 2000 });
        var socket = await ConnectAsync();
        await socket.MessageAsync("c1", [.. Enumerable.Range(1, 1000).Select(seq => (long)seq)]);
        await TakeAsync(1000);
        Time.Advance(Delay);
        Assert.Equal(new ClientFrame.Ack("c1", 1000), await socket.FrameAsync());
        Time.Advance(Delay);
        await Client.TypingAsync(Bob);
        await socket.FrameAsync<ClientFrame.Typing>();
    }

    [Fact]
    public async Task Saved_cursors_stand_in_the_hello_of_the_next_process()
    {
        await UseAsync(Options with { Cursors = new ImCursors("log-1", new Dictionary<string, long> { ["c1"] = 7, ["c2"] = 9 }) });
        var socket = await ConnectAsync();
        Assert.Equal([("c1", 7L), ("c2", 9L)], socket.Hello!.Cursors!.Select(cursor => (cursor.Key, cursor.Value)));
        await socket.MessageAsync("c1", 7, 8);
        Assert.Equal(8, Assert.Single(await TakeAsync(1)).Seq);
    }

    [Fact]
    public async Task A_hello_stays_within_64_KiB_however_many_conversations_there_are()
    {
        var many = Enumerable.Range(0, 5000).ToDictionary(number => $"{number,64:D64}", _ => long.MaxValue - 1);
        await UseAsync(Options with { Cursors = new ImCursors("log-1", many) });
        var socket = await ConnectAsync();
        Assert.InRange(socket.Hello!.Cursors!.Count, 600, 5000);
    }
}
