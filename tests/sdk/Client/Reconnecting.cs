using Im.Protocol;
using Microsoft.AspNetCore.Http;

namespace Im.Client.Tests.Client;

public class Reconnecting : ClientTest
{
    [Fact]
    public async Task The_state_tells_what_is_going_on()
    {
        var states = new List<ImClientState>();
        Client.StateChanged += states.Add;
        var socket = await ConnectAsync();
        var again = StateAsync(ImClientState.Reconnecting);
        socket.Break();
        await again;
        await Time.TimerAsync(TimeSpan.FromMilliseconds(100));
        var connected = StateAsync(ImClientState.Connected);
        Time.Advance(TimeSpan.FromMilliseconds(100));
        await Gateway.WelcomeAsync();
        await connected;
        Assert.Equal([ImClientState.Connecting, ImClientState.Connected, ImClientState.Reconnecting, ImClientState.Connected], states);
    }

    [Fact]
    public async Task Pauses_double_while_connections_break_right_after_their_welcome_and_start_over_after_one_that_lasted()
    {
        // So that no other timer of 10 s is mistaken for the pause.
        await UseAsync(Options with { ConnectTimeout = TimeSpan.FromMinutes(1) });
        var socket = await ConnectAsync();
        foreach (var pause in new[] { 100, 200, 400, 800, 1600, 3200, 6400, 10_000, 10_000 }) socket = await BreakAsync(socket, pause);
        Time.Advance(TimeSpan.FromSeconds(10));
        await BreakAsync(socket, 100);
    }

    [Fact]
    public async Task Who_is_replaced_by_a_late_hello_of_his_own_comes_back_and_stops_when_it_was_somebody_else()
    {
        var socket = await AfterAnUnansweredHelloAsync();
        var reconnecting = StateAsync(ImClientState.Reconnecting);
        await socket.CloseAsync(CloseCodes.Replaced);
        await reconnecting;
        await Time.TimerAsync(TimeSpan.FromMilliseconds(200));
        var connected = StateAsync(ImClientState.Connected);
        Time.Advance(TimeSpan.FromMilliseconds(200));
        socket = await Gateway.WelcomeAsync();
        await connected;

        var replaced = StateAsync(ImClientState.Replaced);
        await socket.CloseAsync(CloseCodes.Replaced);
        await replaced;
    }

    [Fact]
    public async Task A_hello_that_was_never_answered_is_forgotten_after_three_minutes()
    {
        var socket = await AfterAnUnansweredHelloAsync();
        Time.Advance(TimeSpan.FromMinutes(3) + TimeSpan.FromSeconds(1));
        var replaced = StateAsync(ImClientState.Replaced);
        await socket.CloseAsync(CloseCodes.Replaced);
        await replaced;
    }

    [Fact]
    public async Task The_servers_hint_decides_when_and_where()
    {
        await using var other = await FakeGateway.StartAsync();
        var socket = await ConnectAsync();
        await socket.SendAsync(new ServerFrame.Bye(CloseCodes.Restarting, 1234, $"ws://127.0.0.1:{other.Address.Port}/v1/ws"));
        await socket.CloseAsync(CloseCodes.Restarting);
        await Time.TimerAsync(TimeSpan.FromMilliseconds(1234));
        var connected = StateAsync(ImClientState.Reconnecting);
        await connected;
        Time.Advance(TimeSpan.FromMilliseconds(1234));
        await other.WelcomeAsync();
    }

    [Fact]
    public async Task After_a_break_the_next_gateway_of_the_welcome_is_tried()
    {
        await using var other = await FakeGateway.StartAsync();
        var connecting = Client.ConnectAsync();
        var socket = await Gateway.WelcomeAsync(10, "log-1", Gateway.Address.ToString(), other.Address.ToString());
        await connecting.WaitAsync(Soon.Limit);
        socket.Break();
        await Time.TimerAsync(TimeSpan.FromMilliseconds(100));
        Time.Advance(TimeSpan.FromMilliseconds(100));
        await other.WelcomeAsync();
    }

    [Fact]
    public async Task When_no_gateway_can_be_reached_the_list_is_asked_for()
    {
        await using var other = await FakeGateway.StartAsync();
        Gateway.Http = context => context.Response.WriteAsJsonAsync(new { items = new[] { other.Address.ToString() } });
        var connecting = Client.ConnectAsync();
        (await Gateway.SocketAsync()).Break();
        await Time.TimerAsync(TimeSpan.FromMilliseconds(100));
        Time.Advance(TimeSpan.FromMilliseconds(100));
        await other.WelcomeAsync();
        await connecting.WaitAsync(Soon.Limit);
    }

    [Fact]
    public async Task A_heartbeat_goes_out_every_interval_and_a_silent_server_is_left_after_two()
    {
        var socket = await ConnectAsync(heartbeat: 10);
        Time.Advance(TimeSpan.FromSeconds(10));
        await socket.FrameAsync<ClientFrame.Ping>();
        var heard = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        Client.PresenceChanged += _ => heard.TrySetResult();
        await socket.SendAsync(new ServerFrame.Pong(1), new ServerFrame.Presence("bob", "online", null));
        await heard.Task.WaitAsync(Soon.Limit);

        Time.Advance(TimeSpan.FromSeconds(10));
        await socket.FrameAsync<ClientFrame.Ping>();
        Assert.Equal(ImClientState.Connected, Client.State);
        var left = StateAsync(ImClientState.Reconnecting);
        Time.Advance(TimeSpan.FromSeconds(10));
        await left;
        await socket.Over;
    }

    /// <summary>The first gateway takes the hello and breaks off; the second attempt is welcome.</summary>
    private async Task<FakeSocket> AfterAnUnansweredHelloAsync()
    {
        var connecting = Client.ConnectAsync();
        var mute = await Gateway.SocketAsync();
        await mute.FrameAsync<ClientFrame.Hello>();
        mute.Break();
        await Time.TimerAsync(TimeSpan.FromMilliseconds(100));
        Time.Advance(TimeSpan.FromMilliseconds(100));
        // No beat is due while the clock is put forward.
        var socket = await Gateway.WelcomeAsync(heartbeat: 3_600);
        await connecting.WaitAsync(Soon.Limit);
        return socket;
    }
}
