using System.Text;
using Im.Flow.Tests.Devices;
using Im.Flow.Tests.Systems;
using Im.Protocol;

namespace Im.Flow.Tests.BadInput;

public sealed class BadFrameInStandalone(RunningSystems systems) : BadFrameSpec(systems.StandaloneAsync);

public sealed class BadFrameInFull(RunningSystems systems) : BadFrameSpec(systems.FullAsync);

/// <summary>A faulty frame costs its sender an answer with a documented code, the tenth the connection, and nobody else anything.</summary>
public abstract class BadFrameSpec(Func<Task<RunningSystem>> start) : FlowTest(start)
{
    /// <summary>What is sent, the code of the answer, and whether the id is readable; U stands for a user's id.</summary>
    public static TheoryData<string, string, bool> Faulty { get; } = new()
    {
        { """{"t":"send","id":"x","to":{"user":"U"},"body":"b","more":1}""", Codes.BadFrame, true },
        { """{"t":"send","id":"x","to":{"user":"U","user":"U"},"body":"b"}""", Codes.BadFrame, true },
        { """{"t":"send","id":"x","to":{"user":"U"},"body":"a","body":"b"}""", Codes.BadFrame, true },
        { """{"t":"send","id":"x","to":{"user":"U","conversation":"1"},"body":"b"}""", Codes.BadFrame, true },
        { """{"t":"send","id":"x","to":{},"body":"b"}""", Codes.BadFrame, true },
        { """{"t":"send","id":"x","to":"U","body":"b"}""", Codes.BadFrame, true },
        { """{"t":"send","id":"x","to":{"user":5},"body":"b"}""", Codes.BadFrame, true },
        { """{"t":"send","id":"x","to":{"user":"U"},"body":5}""", Codes.BadFrame, true },
        { """{"t":"send","id":"x","to":{"user":"U"},"body":null}""", Codes.BadFrame, true },
        { """{"t":"send","id":"x","to":{"user":"U"}}""", Codes.BadFrame, true },
        { """{"t":"send","id":"x","to":{"user":"U"},"body":"b","type":""}""", Codes.BadFrame, true },
        { """{"t":"send","id":"x","to":{"user":"U"},"body":"a\u0000b"}""", Codes.BadText, true },
        { """{"t":"send","id":"x","to":{"user":"U"},"body":"\ud800"}""", Codes.BadText, true },
        { """{"t":"send","id":"x","to":{"user":"U"},"body":"\udc00\ud800"}""", Codes.BadText, true },
        { """{"t":"send","to":{"user":"U"},"body":"b"}""", Codes.BadFrame, false },
        { """{"t":"send","id":"","to":{"user":"U"},"body":"b"}""", Codes.BadFrame, false },
        { """{"t":"send","id":7,"to":{"user":"U"},"body":"b"}""", Codes.BadFrame, false },
        { """{"t":"send","id":"x","id":"y","to":{"user":"U"},"body":"b"}""", Codes.BadFrame, false },
        { """{"T":"send","id":"x","to":{"user":"U"},"body":"b"}""", Codes.BadFrame, true },
        { """{"t":"nonsense"}""", Codes.BadFrame, false },
        { """{"t":5}""", Codes.BadFrame, false },
        { "{}", Codes.BadFrame, false },
        { "null", Codes.BadFrame, false },
        { "7", Codes.BadFrame, false },
        { "\"send\"", Codes.BadFrame, false },
        { """{"t":"ping"}x""", Codes.BadFrame, false },
        { """{"t":"ping"},{"t":"ping"}""", Codes.BadFrame, false },
        { """{"t":"ping""", Codes.BadFrame, false },
        { """{"t":"ping","seq":1}""", Codes.BadFrame, false },
        { """{'t':'ping'}""", Codes.BadFrame, false },
        { """{"t":"ack","c":"1","seq":"5"}""", Codes.BadFrame, false },
        { """{"t":"ack","c":"1","seq":-1}""", Codes.BadFrame, false },
        { """{"t":"ack","c":"1","seq":1.5}""", Codes.BadFrame, false },
        { """{"t":"ack","c":"1","seq":9223372036854775808}""", Codes.BadFrame, false },
        { """{"t":"ack","c":"1","seq":1e999}""", Codes.BadFrame, false },
        { """{"t":"ack","seq":1}""", Codes.BadFrame, false },
        { """{"t":"read","c":"1","seq":-1}""", Codes.BadFrame, false },
        { """{"t":"watch","users":"U"}""", Codes.BadFrame, false },
        { """{"t":"watch","users":[5]}""", Codes.BadFrame, false },
        { """{"t":"watch","users":["U"],"off":"yes"}""", Codes.BadFrame, false },
        { "[[[[[[[[[[[[]]]]]]]]]]]]", Codes.BadFrame, false },
        { "", Codes.BadFrame, false },
    };

    [Theory]
    [MemberData(nameof(Faulty))]
    [Trait("abuse", "5")]
    [Trait("abuse", "17")]
    [Trait("abuse", "19")]
    [Trait("abuse", "20")]
    [Trait("abuse", "21")]
    public async Task A_faulty_frame_is_answered_with_its_code_and_the_connection_lives(string frame, string code, bool hasId)
    {
        var bob = await NewUserAsync();
        var anns = await ConnectAsync(await NewUserAsync());
        anns.SendRaw(frame.Replace("U", bob.Id, StringComparison.Ordinal));
        if (hasId)
        {
            var rejected = await anns.NextAsync<ServerFrame.Rejected>();
            Assert.Equal(("x", code, false), (rejected.Id, rejected.Code, rejected.Retryable));
        }
        else
        {
            Assert.Equal(code, (await anns.NextAsync<ServerFrame.Error>()).Code);
        }

        Assert.Equal(1, (await anns.SayAsync(To(bob), "b", "x")).Seq);
    }

    [Fact]
    [Trait("abuse", "23")]
    public async Task A_body_has_sixteen_kibibytes_and_not_one_byte_more()
    {
        var (ann, bob) = (await NewUserAsync(), await NewUserAsync());
        var (anns, bobs) = (await ConnectAsync(ann), await ConnectAsync(bob, System.OtherGateway));
        var most = new string('ü', 8 * 1024);
        Assert.Equal(Codes.TooBig, await anns.RefusedAsync(To(bob), most + "x"));
        await anns.SayAsync(To(bob), most);
        await bobs.MessageAsync(most);
        await anns.SayAsync(To(bob), "");
        await bobs.MessageAsync("");
    }

    [Fact]
    public async Task One_faulty_frame_in_an_array_leaves_the_others_as_if_alone()
    {
        var (ann, bob) = (await NewUserAsync(), await NewUserAsync());
        var (anns, bobs) = (await ConnectAsync(ann), await ConnectAsync(bob));
        var to = $$"""{"user":"{{bob.Id}}"}""";
        anns.SendRaw($$"""[{"t":"send","id":"a","to":{{to}},"body":"1"},{"t":"send","id":"b","to":{{to}},"body":2},7,{"t":"send","id":"c","to":{{to}},"body":"3"}]""");
        await anns.NextAsync<ServerFrame.Accepted>(accepted => accepted.Id == "c");
        Assert.Equal(Codes.BadFrame, (await anns.NextAsync<ServerFrame.Rejected>(rejected => rejected.Id == "b")).Code);
        await anns.NextAsync<ServerFrame.Error>();
        await bobs.MessageAsync("3");
        Assert.Equal(["1", "3"], bobs.Messages.Select(TextOf));
    }

    [Fact]
    public async Task An_empty_array_is_nothing()
    {
        var anns = await ConnectAsync(await NewUserAsync());
        anns.SendRaw("[]");
        anns.Send(new ClientFrame.Ping());
        await anns.NextAsync<ServerFrame.Pong>();
        Assert.Empty(anns.Frames.OfType<ServerFrame.Error>());
    }

    [Fact]
    [Trait("abuse", "17")]
    public async Task The_tenth_faulty_frame_closes_and_another_client_is_unharmed()
    {
        var (ann, bob) = (await NewUserAsync(), await NewUserAsync());
        var session = await ann.LogInAsync(Cancel);
        var (anns, bobs, other) = (await ConnectAsync(session), await ConnectAsync(bob), await ConnectAsync(ann));
        for (var count = 0; count < 9; count++) anns.SendRaw("nonsense");
        await anns.SayAsync(To(bob), "after nine");
        anns.SendRaw("nonsense");
        Assert.Equal(CloseCodes.BadFrames, await anns.ClosedAsync());
        Assert.Equal(10, anns.Frames.OfType<ServerFrame.Error>().Count());

        await other.SayAsync(To(bob), "unharmed");
        await bobs.MessageAsync("unharmed");
        await ConnectAsync(session);
    }

    [Theory]
    [InlineData("""{"t":"ping"}""")]
    [InlineData("""{"t":"send","id":"x","to":{"user":"1"},"body":"b"}""")]
    [InlineData("nonsense")]
    [InlineData("""{"t":"hello"}""")]
    public async Task Anything_but_hello_first_closes(string first)
    {
        var device = Keep(await Device.OpenAsync(System.Gateway, Cancel));
        device.SendRaw(first);
        Assert.Equal(CloseCodes.BadFrames, await device.ClosedAsync());
    }

    [Fact]
    public async Task A_second_hello_closes()
    {
        var session = await (await NewUserAsync()).LogInAsync(Cancel);
        var device = await ConnectAsync(session);
        device.Send(new ClientFrame.Hello(session.SessionId));
        Assert.Equal(CloseCodes.BadFrames, await device.ClosedAsync());
    }

    [Fact]
    [Trait("abuse", "7")]
    public async Task Who_says_no_hello_is_closed_after_ten_seconds()
    {
        var began = TimeProvider.System.GetTimestamp();
        var device = Keep(await Device.OpenAsync(System.Gateway, Cancel));
        Assert.Equal(CloseCodes.BadFrames, await device.ClosedAsync());
        Assert.True(TimeProvider.System.GetElapsedTime(began) >= TimeSpan.FromSeconds(9.5));
    }

    [Fact]
    public async Task The_same_frames_with_escapes_and_blanks_are_understood()
    {
        var bob = await NewUserAsync();
        var (anns, bobs) = (await ConnectAsync(await NewUserAsync()), await ConnectAsync(bob));
        anns.SendRaw($$""" { "body" : "\ud83d\ude00 \u00fc\n" , "to" : { "user" : "{{bob.Id}}" } , "id" : "x" , "\u0074" : "send" } """);
        Assert.Equal("x", (await anns.NextAsync<ServerFrame.Accepted>()).Id);
        Assert.Equal("😀 ü\n", Encoding.UTF8.GetString((await bobs.NextAsync<ServerFrame.Message>()).Body.Span));
    }
}
