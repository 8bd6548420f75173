using Im.Protocol;
using Im.Telemetry.Tests.Otlp;
using Im.Telemetry.Tests.Systems;

namespace Im.Telemetry.Tests.Traces;

public sealed class MessageTraceInStandalone(WatchedSystems systems) : MessageTraceSpec(systems.StandaloneAsync);

public sealed class MessageTraceInFull(WatchedSystems systems) : MessageTraceSpec(systems.FullAsync);

/// <summary>One trace for a sampled message, from the sender's frame to the recipients' sockets.</summary>
public abstract class MessageTraceSpec(Func<Task<Watched>> start) : WatchedTest(start)
{
    private const string Password = "correct horse battery";

    public static TheoryData<string> Subprotocols { get; } = [.. FrameFormat.All.Select(format => format.Subprotocol)];

    [Theory]
    [MemberData(nameof(Subprotocols))]
    public async Task A_message_is_one_trace_from_the_frame_to_the_recipients_socket(string subprotocol)
    {
        var format = FrameFormat.Find(subprotocol);
        var (ann, bob) = (await System.LogInAsync(NewName("ann"), Password), await System.LogInAsync(NewName("bob"), Password));
        await using var anns = await Watched.ConnectAsync(ann, System.Gateways[0], format: format);
        await using var bobs = await Watched.ConnectAsync(bob, System.Gateways[^1], format: format);

        var sent = await anns.SendAsync(Target.ToUser(bob.UserId), "hello", cancellationToken: Cancel);

        var trace = await TraceWithAsync(
            span => span.Name == "deliver" && span["im.message.id"] == sent.MessageId,
            trace => new[] { "send", "publish", "commit", "deliver", "accepted" }.All(name => trace.Any(span => span.Name == name)) && IsConnected(trace)
                && (!System.IsFull || trace.Any(span => span.Source == "Npgsql" && span.Parent == One(trace, "commit").Id)));
        var (send, publish, commit) = (One(trace, "send"), One(trace, "publish"), One(trace, "commit"));
        var (deliver, accepted) = (One(trace, "deliver"), One(trace, "accepted"));
        Assert.Equal("", send.Parent);
        Assert.Equal(send.Id, publish.Parent);
        Assert.Equal(publish.Id, commit.Parent);
        Assert.Equal(commit.Id, deliver.Parent);
        Assert.Equal(commit.Id, accepted.Parent);
        Assert.Equal(send.Instance, accepted.Instance);
        Assert.Equal(("direct", "5", subprotocol), (send["im.conversation.kind"], send["im.message.size"], send["im.subprotocol"]));
        Assert.Equal(("1", "1"), (deliver["im.sockets.written"], accepted["im.sockets.written"]));
        Assert.Equal("taken", publish["im.handover"]);
        Assert.True(send.Span.EndTimeUnixNano >= send.Span.StartTimeUnixNano);
        if (!System.IsFull) return;
        Assert.Equal(("im-gateway", "im-message", "im-gateway"), (send.Service, commit.Service, deliver.Service));
        Assert.NotEqual(send.Instance, deliver.Instance);
    }

    [Fact]
    public async Task A_message_to_somebody_who_is_away_ends_with_its_accepted()
    {
        var (ann, bob) = (await System.LogInAsync(NewName("ann"), Password), await System.LogInAsync(NewName("bob"), Password));
        await using var anns = await Watched.ConnectAsync(ann, System.Gateways[0]);

        var sent = await anns.SendAsync(Target.ToUser(bob.UserId), "hello", cancellationToken: Cancel);

        var trace = await TraceWithAsync(
            span => span.Name == "accepted" && span["im.message.id"] == sent.MessageId, trace => trace.Any(span => span.Name == "send") && IsConnected(trace));
        Assert.DoesNotContain(trace, span => span.Name == "deliver");
    }

    [Fact]
    public async Task A_refused_message_says_why_in_its_trace()
    {
        var ann = await System.LogInAsync(NewName("ann"), Password);
        await using var anns = await Watched.ConnectAsync(ann, System.Gateways[0]);

        await Assert.ThrowsAsync<Client.MessageRejectedException>(() => anns.SendAsync(Target.ToConversation("g1"), "hello", cancellationToken: Cancel));

        var trace = await TraceWithAsync(
            span => span.Name == "send" && span["im.code"] == "not_found", trace => trace.Any(span => span.Name == "commit") && IsConnected(trace));
        Assert.Equal("group", One(trace, "send")["im.conversation.kind"]);
    }

    [Fact]
    public async Task A_group_that_is_created_over_http_is_one_trace_to_the_sockets_of_its_members()
    {
        var (ann, bob) = (await System.LogInAsync(NewName("ann"), Password), await System.LogInAsync(NewName("bob"), Password));
        await using var bobs = await Watched.ConnectAsync(bob, System.Gateways[^1]);
        using var api = new Client.ImApi(System.Gateways[0], ann.SessionId);

        var group = await api.CreateGroupAsync("friends", [bob.UserId], Cancel);

        var trace = await TraceWithAsync(
            span => span.Name == "deliver" && span["im.message.id"] == $"{group}.1",
            trace => trace.Any(span => span.Name == "POST /v1/conversations") && IsConnected(trace));
        Assert.Equal("", One(trace, "POST /v1/conversations").Parent);
        Assert.Equal(One(trace, "POST /v1/conversations").Id, One(trace, "commit").Parent);
        Assert.Equal(One(trace, "commit").Id, One(trace, "deliver").Parent);
    }

    private static Seen One(IReadOnlyList<Seen> trace, string name) => Assert.Single(trace, span => span.Name == name);
}
