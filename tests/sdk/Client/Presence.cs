using Im.Protocol;

namespace Im.Client.Tests.Client;

public class Presence : ClientTest
{
    [Fact]
    public async Task What_is_watched_and_ones_own_status_are_said_again_on_a_new_connection()
    {
        var socket = await ConnectAsync();
        await Client.WatchAsync(["bob", "carol"]);
        await Client.SetStatusAsync("away");
        await Client.UnwatchAsync(["carol"]);
        Assert.Equal(["bob", "carol"], (await socket.FrameAsync<ClientFrame.Watch>()).Users);
        Assert.Equal(new ClientFrame.Status("away"), await socket.FrameAsync());
        Assert.True((await socket.FrameAsync<ClientFrame.Watch>()).Off);

        socket = await BreakAsync(socket);
        Assert.Equal(new ClientFrame.Status("away"), await socket.FrameAsync());
        Assert.Equal(["bob"], (await socket.FrameAsync<ClientFrame.Watch>()).Users);
    }

    [Fact]
    public async Task A_thousand_users_are_watched_and_not_one_more()
    {
        var socket = await ConnectAsync();
        var users = Enumerable.Range(0, 1000).Select(user => $"{user,64:D64}").ToArray();
        await Client.WatchAsync(users);
        var watched = new List<string>();
        while (watched.Count < 1000) watched.AddRange((await socket.FrameAsync<ClientFrame.Watch>()).Users);
        Assert.Equal(users, watched);
        await Assert.ThrowsAsync<ArgumentException>(() => Client.WatchAsync(["one more"]).AsTask());
    }

    [Fact]
    public async Task Everything_else_that_the_server_says_is_an_event()
    {
        var heard = new List<ServerFrame>();
        var all = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        void Hear(ServerFrame frame)
        {
            heard.Add(frame);
            if (heard.Count == 6) all.SetResult();
        }

        Client.PresenceChanged += Hear;
        Client.ReceiptReceived += Hear;
        Client.TypingReceived += Hear;
        Client.ConversationChanged += Hear;
        Client.ContactChanged += Hear;
        Client.ErrorReceived += Hear;
        ServerFrame[] said =
        [
            new ServerFrame.Presence("bob", "online", null), new ServerFrame.Receipt("c1", "bob", 2, 1), new ServerFrame.Typing("c1", "bob"),
            new ServerFrame.ConversationChanged("c1", "group", "T", null), new ServerFrame.ContactChanged("bob", "accepted"), new ServerFrame.Error("bad_frame", "why"),
        ];
        var socket = await ConnectAsync();
        await socket.SendAsync(said);
        await all.Task.WaitAsync(Soon.Limit);
        Assert.Equal(said, heard);
    }

    [Fact]
    public async Task A_status_that_does_not_exist_is_refused_here()
    {
        await ConnectAsync();
        await Assert.ThrowsAsync<ArgumentException>(() => Client.SetStatusAsync("sleeping").AsTask());
    }

    [Fact]
    public async Task A_handler_that_throws_keeps_no_other_from_hearing()
    {
        await UseAsync(Options with { OnHandlerError = _ => { } });
        var heard = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        Client.TypingReceived += _ => throw new InvalidOperationException("handler");
        Client.TypingReceived += _ => heard.TrySetResult();
        var socket = await ConnectAsync();
        await socket.SendAsync(new ServerFrame.Typing("c1", "bob"));
        await heard.Task.WaitAsync(Soon.Limit);
    }

    [Fact]
    public async Task A_handler_that_throws_is_reported_and_ends_nothing()
    {
        var faults = new List<Exception>();
        await UseAsync(Options with { OnHandlerError = faults.Add });
        Client.TypingReceived += _ => throw new InvalidOperationException("handler");
        var socket = await ConnectAsync();
        await socket.SendAsync(new ServerFrame.Typing("c1", "bob"));
        await socket.MessageAsync("c1", 1);
        Assert.Single(await TakeAsync(1));
        Assert.Equal("handler", Assert.Single(faults).Message);
    }
}
