using System.Reflection;
using Im.Protocol;
using Microsoft.AspNetCore.Http;

namespace Im.Client.Tests.Client;

/// <summary>Every code of the contract, and what the client makes of it.</summary>
public class Answers : ClientTest
{
    public static TheoryData<string> RejectedCodes => new(typeof(Codes).GetFields(BindingFlags.Public | BindingFlags.Static)
        .Select(code => (string)code.GetRawConstantValue()!).Append("a_code_of_a_later_version"));

    public static TheoryData<int> Reconnects => [CloseCodes.Normal, CloseCodes.InvalidUtf8, CloseCodes.TooBig, CloseCodes.Restarting, CloseCodes.TooSlow, CloseCodes.TooFast, 4499];

    [Theory]
    [MemberData(nameof(RejectedCodes))]
    public async Task What_is_refused_for_good_ends_with_its_code_and_the_next_goes_on(string code)
    {
        var socket = await ConnectAsync();
        var (refused, next) = (Send("one"), Send("two"));
        var one = await socket.FrameAsync<ClientFrame.Send>();
        var two = await socket.FrameAsync<ClientFrame.Send>();
        await socket.SendAsync(new ServerFrame.Rejected(one.Id, code, false));
        var exception = await Assert.ThrowsAsync<MessageRejectedException>(() => refused.WaitAsync(Soon.Limit));
        Assert.Equal((code, one.Id), (exception.Code, exception.Id));
        await socket.AcceptAsync(two, "c1", 1);
        await next.WaitAsync(Soon.Limit);
    }

    [Theory]
    [MemberData(nameof(RejectedCodes))]
    public async Task What_may_be_repeated_is_repeated_with_its_id_after_the_servers_pause(string code)
    {
        var socket = await ConnectAsync();
        var sending = Send("one");
        var first = await socket.FrameAsync<ClientFrame.Send>();
        await socket.SendAsync(new ServerFrame.Rejected(first.Id, code, true, 321));
        await Time.TimerAsync(TimeSpan.FromMilliseconds(321));
        Assert.False(socket.HasFrame);
        Time.Advance(TimeSpan.FromMilliseconds(321));
        var again = await socket.FrameAsync<ClientFrame.Send>();
        Assert.Equal((first.Id, "one"), (again.Id, Text(again)));
        await socket.AcceptAsync(again, "c1", 1);
        await sending.WaitAsync(Soon.Limit);
    }

    [Theory]
    [MemberData(nameof(Reconnects))]
    public async Task After_a_close_that_allows_it_the_client_comes_back_and_sends_again(int code)
    {
        var socket = await ConnectAsync();
        var sending = Send("one");
        var first = await socket.FrameAsync<ClientFrame.Send>();
        await socket.CloseAsync(code);
        await Time.TimerAsync(TimeSpan.FromMilliseconds(100));
        Time.Advance(TimeSpan.FromMilliseconds(100));
        socket = await Gateway.WelcomeAsync();
        var again = await socket.FrameAsync<ClientFrame.Send>();
        Assert.Equal(first.Id, again.Id);
        await socket.AcceptAsync(again, "c1", 1);
        await sending.WaitAsync(Soon.Limit);
    }

    [Theory]
    [InlineData(CloseCodes.LogInAgain, ImClientState.SessionEnded)]
    [InlineData(CloseCodes.Replaced, ImClientState.Replaced)]
    [InlineData(CloseCodes.BadFrames, ImClientState.Refused)]
    public async Task A_goodbye_that_forbids_it_counts_even_if_the_close_frame_never_comes(int code, ImClientState state)
    {
        var socket = await ConnectAsync();
        var heard = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        Client.TypingReceived += _ => heard.TrySetResult();
        var stopped = StateAsync(state);
        // Behind the goodbye in one array: when it was heard, the goodbye was too.
        await socket.SendAsync(new ServerFrame.Bye(code), new ServerFrame.Typing("c1", "bob"));
        await heard.Task.WaitAsync(Soon.Limit);
        socket.Break();
        await stopped;
        Assert.Equal(state == ImClientState.SessionEnded ? Codes.SessionEnded : null, (await Assert.ThrowsAnyAsync<ImStoppedException>(() => Send("x"))).Code);
    }

    [Fact]
    public async Task A_send_without_an_answer_is_repeated_and_then_taken_to_another_gateway_with_its_id()
    {
        await using var other = await FakeGateway.StartAsync();
        var connecting = Client.ConnectAsync();
        var socket = await Gateway.WelcomeAsync(25, "log-1", Gateway.Address.ToString(), other.Address.ToString());
        await connecting.WaitAsync(Soon.Limit);
        var sending = Send("one");
        var first = await socket.FrameAsync<ClientFrame.Send>();
        Time.Advance(TimeSpan.FromSeconds(5));
        Assert.Equal(first.Id, (await socket.FrameAsync<ClientFrame.Send>()).Id);

        await Gateway.DisposeAsync();
        await Time.TimerAsync(TimeSpan.FromMilliseconds(100));
        Time.Advance(TimeSpan.FromMilliseconds(100));
        socket = await other.WelcomeAsync();
        var third = await socket.FrameAsync<ClientFrame.Send>();
        Assert.Equal(first.Id, third.Id);
        await socket.AcceptAsync(third, "c1", 9);
        Assert.Equal(9, (await sending.WaitAsync(Soon.Limit)).Seq);
    }

    [Fact]
    public async Task Calls_follow_the_client_to_its_next_gateway()
    {
        await using var other = await FakeGateway.StartAsync();
        other.Http = context => context.Response.WriteAsJsonAsync(new { userId = "me", username = "alice" });
        var connecting = Client.ConnectAsync();
        var socket = await Gateway.WelcomeAsync(25, "log-1", Gateway.Address.ToString(), other.Address.ToString());
        await connecting.WaitAsync(Soon.Limit);
        await Gateway.DisposeAsync();
        await Time.TimerAsync(TimeSpan.FromMilliseconds(100));
        await StateAsync(ImClientState.Reconnecting);
        var connected = StateAsync(ImClientState.Connected);
        Time.Advance(TimeSpan.FromMilliseconds(100));
        await other.WelcomeAsync();
        await connected;
        Assert.Equal("alice", (await Client.Api.GetMeAsync()).Username);
    }
}
