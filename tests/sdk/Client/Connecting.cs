using Im.Protocol;

namespace Im.Client.Tests.Client;

public class Connecting : ClientTest
{
    [Fact]
    public async Task Connecting_says_hello_and_ends_with_the_welcome()
    {
        await UseAsync(Options with { Format = FrameFormat.Json });
        var connecting = Client.ConnectAsync();
        var socket = await Gateway.SocketAsync();
        Assert.Equal("""{"t":"hello","session":"session-1"}""", await socket.MessageAsync());
        Assert.False(connecting.IsCompleted);
        Assert.Equal(ImClientState.Connecting, Client.State);

        await socket.SendAsync(new ServerFrame.Welcome("me", "device-1", "k", 10, 0, [], "log-1"));
        await connecting.WaitAsync(Soon.Limit);
        Assert.Equal((ImClientState.Connected, "me", "device-1"), (Client.State, Client.UserId, Client.DeviceId));
    }

    [Fact]
    public async Task Synced_is_a_signal_of_its_own()
    {
        var socket = await ConnectAsync();
        var synced = Client.WhenSynced();
        Assert.False(synced.IsCompleted);
        await socket.SendAsync(new ServerFrame.Synced());
        await synced.WaitAsync(Soon.Limit);

        await BreakAsync(socket);
        Assert.False(Client.WhenSynced().IsCompleted);
    }

    [Fact]
    public async Task A_gateway_that_says_no_welcome_is_given_up_for_the_next_try()
    {
        var connecting = Client.ConnectAsync();
        var silent = await Gateway.SocketAsync();
        await silent.FrameAsync<ClientFrame.Hello>();
        Time.Advance(TimeSpan.FromSeconds(10));
        await silent.Over;
        await Time.TimerAsync(TimeSpan.FromMilliseconds(100));
        Assert.IsType<TimeoutException>(Client.LastFault);
        // The one known gateway could not be reached: its HTTP side is asked for others first, and knows none.
        Time.Advance(TimeSpan.FromMilliseconds(100));
        await Gateway.WelcomeAsync();
        await connecting.WaitAsync(Soon.Limit);
        Assert.Null(Client.LastFault);
    }

    [Theory]
    [InlineData(CloseCodes.LogInAgain, ImClientState.SessionEnded)]
    [InlineData(CloseCodes.Replaced, ImClientState.Replaced)]
    [InlineData(CloseCodes.BadFrames, ImClientState.Refused)]
    public async Task A_close_code_that_forbids_it_ends_the_client(int code, ImClientState state)
    {
        var socket = await ConnectAsync();
        var unanswered = Send("x");
        await socket.FrameAsync<ClientFrame.Send>();
        var stopped = StateAsync(state);
        await socket.CloseAsync(code);
        await stopped;

        Assert.Equal(state, (await Assert.ThrowsAnyAsync<ImStoppedException>(() => unanswered)).State);
        Assert.Equal(state, (await Assert.ThrowsAnyAsync<ImStoppedException>(() => Send("y"))).State);
        Assert.Equal(state, (await Assert.ThrowsAnyAsync<ImStoppedException>(() => Client.ConnectAsync())).State);
        Assert.Equal(state, (await Assert.ThrowsAnyAsync<ImStoppedException>(() => TakeAsync(1))).State);
    }

    [Fact]
    public async Task An_unknown_session_fails_the_connect()
    {
        var connecting = Client.ConnectAsync();
        var socket = await Gateway.SocketAsync();
        await socket.FrameAsync<ClientFrame.Hello>();
        await socket.SendAsync(new ServerFrame.Bye(CloseCodes.LogInAgain));
        await socket.CloseAsync(CloseCodes.LogInAgain);
        await Assert.ThrowsAsync<SessionEndedException>(() => connecting.WaitAsync(Soon.Limit));
    }

    [Fact]
    public async Task Cancelling_ends_the_wait_for_a_connection()
    {
        using var cancel = new CancellationTokenSource();
        var connecting = Client.ConnectAsync(cancel.Token);
        await Gateway.SocketAsync();
        await cancel.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => connecting);
    }

    [Fact]
    public async Task Disposing_says_goodbye_and_ends_the_loops()
    {
        var socket = await ConnectAsync();
        var taking = TakeAsync(1);
        var disposing = Client.DisposeAsync();
        await socket.FrameAsync<ClientFrame.Bye>();
        await socket.CloseAsync(CloseCodes.Normal);
        await disposing.AsTask().WaitAsync(Soon.Limit);
        Assert.Empty(await taking);
        Assert.Equal(ImClientState.Closed, Client.State);
        Assert.Equal(0, Time.Timers);
    }
}
