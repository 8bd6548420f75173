using Im.Bench.Load;
using Im.Bench.Results;
using Im.Bench.Xmpp;

namespace Im.Bench.Tests;

/// <summary>The load on an XMPP server: it has to see each fault that it exists for, although the server answers nothing.</summary>
public sealed class XmppLoadTests
{
    private static readonly BenchOptions Light = new() { Connections = 4, Seconds = 1, Warmup = 0.2, Drain = 2 };

    [Fact]
    public async Task A_message_is_done_with_when_its_recipient_has_it()
    {
        var figures = await LoadAsync(Light with { Window = 3 }, (_, message) => [message]);
        Assert.False(figures.Failed);
        Assert.True(figures is { AcceptedPerSecond: > 0, DeliveredPerSecond: > 0, ToDelivered.P50: > 0 });
        Assert.Equal((figures.Sent, figures.Sent), (figures.Accepted, figures.Delivered));
    }

    [Fact]
    public async Task An_open_loop_sends_when_it_is_due()
    {
        var figures = await LoadAsync(Light with { Rate = 50 }, (_, message) => [message]);
        Assert.False(figures.Failed);
        Assert.InRange(figures.Sent, 1, 61);
    }

    [Fact]
    public async Task What_comes_twice_counts_as_doubled() =>
        Assert.Equal(1, (await LoadAsync(Light with { Rate = 50 }, (number, message) => number == 5 ? [message, message] : [message])).Doubled);

    [Fact]
    public async Task What_does_not_come_stays_unanswered_and_what_follows_it_tells_of_the_gap()
    {
        var figures = await LoadAsync(Light with { Rate = 50 }, (number, message) => number == 1 ? [] : [message]);
        Assert.Equal((1, 1, true), (figures.Unanswered, figures.LeftOut, figures.Failed));
    }

    [Fact]
    public async Task What_overtakes_another_counts_as_out_of_order()
    {
        // Two connections: all messages of one go to the other, so that the next ones overtake the first one that is kept.
        var kept = "";
        var figures = await LoadAsync(Light with { Connections = 2, Rate = 50 }, (number, message) =>
        {
            if (number == 1) kept = message;
            return number == 1 ? [] : number == 10 ? [message, kept] : [message];
        });
        Assert.Equal((1, 0), (figures.OutOfOrder, figures.Unanswered));
    }

    [Fact]
    public async Task What_comes_back_was_refused()
    {
        var figures = await LoadAsync(Light with { Connections = 2, Rate = 50 }, (number, message) => [number == 1 ? message.Replace("type='chat'", "type='error'", StringComparison.Ordinal) : message]);
        Assert.Equal((1, 0), (figures.Rejected["error"], figures.Unanswered));
    }

    [Fact]
    public void A_server_that_refuses_a_login_is_quoted()
    {
        var login = new XmppLogin("alice");
        Assert.StartsWith("<iq type='set'", login.Next("<stream:features/>"u8), StringComparison.Ordinal);
        Assert.Contains("alice", Assert.Throws<IOException>(() => login.Next("<iq type='error'><conflict/></iq>"u8)).Message, StringComparison.Ordinal);
    }

    private static async Task<Figures> LoadAsync(BenchOptions options, Func<int, string, IEnumerable<string>> deliver)
    {
        await using var server = new LoopbackXmpp(deliver);
        await using var load = new LoadRun(options with { Users = options.Connections }, newCrowd: (these, tally) => new XmppCrowd(these, tally, server.Address));
        return (await load.RunAsync(TestContext.Current.CancellationToken)).Figures;
    }
}
