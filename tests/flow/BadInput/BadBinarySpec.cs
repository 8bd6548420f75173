using Im.Flow.Tests.Devices;
using Im.Flow.Tests.Systems;
using Im.Protocol;

namespace Im.Flow.Tests.BadInput;

public sealed class BadBinaryInStandalone(RunningSystems systems) : BadBinarySpec(systems.StandaloneAsync);

public sealed class BadBinaryInFull(RunningSystems systems) : BadBinarySpec(systems.FullAsync);

/// <summary>
/// Faulty frames in protobuf cost what they cost in JSON: an answer with a documented code, the tenth the connection, and nobody else anything.
/// </summary>
public abstract class BadBinarySpec(Func<Task<RunningSystem>> start) : FlowTest(start, FrameFormat.Protobuf)
{
    /// <summary>The bytes of a frame, the code of the answer, and whether the id is readable.</summary>
    public static TheoryData<string, string, bool> Faulty { get; } = new()
    {
        { "", Codes.BadFrame, false },
        { "FA0100", Codes.BadFrame, false },
        { "FFFFFF", Codes.BadFrame, false },
        { "1A05 0A0163 10FF", Codes.BadFrame, false },
        { "1A0E 0A0163 10FFFFFFFFFFFFFFFFFF01", Codes.BadFrame, false },
        { "2A00", Codes.BadFrame, false },
        { "2A04 0A02 0AFF", Codes.BadFrame, false },
        { "3203 0A01FF", Codes.BadText, false },
        { "3A03 0A0178", Codes.BadFrame, false },
        { "1208 1203 0A0131 1A0162", Codes.BadFrame, false },
        { "1206 0A0178 1A0162", Codes.BadFrame, true },
        { "120B 0A0178 1203 0A0131 1A0100", Codes.BadText, true },
        { "120B 0A0178 1203 0A0131 1A01FF", Codes.BadText, true },
        { "120D 0A0178 1203 0A0131 1A03EDA080", Codes.BadText, true },
        { "120B 0A0178 1203 0A01FF 1A0162", Codes.BadText, true },
        { "120D 0A0178 1203 0A0131 1A0162 2200", Codes.BadFrame, true },
        { "120A 0A0178 1203 0A0131 1A09", Codes.BadFrame, true },
    };

    [Theory]
    [MemberData(nameof(Faulty))]
    public async Task A_faulty_frame_is_answered_with_its_code_and_those_behind_it_as_if_alone(string frame, string code, bool hasId)
    {
        var bob = await NewUserAsync();
        var anns = await ConnectAsync(await NewUserAsync());
        anns.SendRaw([.. Message(frame), .. Message("4200")]);
        if (hasId)
        {
            var rejected = await anns.NextAsync<ServerFrame.Rejected>();
            Assert.Equal(("x", code, false), (rejected.Id, rejected.Code, rejected.Retryable));
        }
        else
        {
            Assert.Equal(code, (await anns.NextAsync<ServerFrame.Error>()).Code);
        }

        await anns.NextAsync<ServerFrame.Pong>();
        Assert.Equal(1, (await anns.SayAsync(To(bob), "b", "x")).Seq);
    }

    [Fact]
    public async Task Behind_a_wrong_length_nothing_is_read_and_everything_before_it()
    {
        var anns = await ConnectAsync(await NewUserAsync());
        anns.SendRaw([.. Message("4200"), 0x0A, 0x7F, .. Message("4A00")]);
        await anns.NextAsync<ServerFrame.Pong>();
        Assert.Equal(Codes.BadFrame, (await anns.NextAsync<ServerFrame.Error>()).Code);
        anns.Send(new ClientFrame.Ping());
        await anns.NextAsync<ServerFrame.Pong>(after: 3);
    }

    [Fact]
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
    public async Task An_empty_message_is_nothing()
    {
        var anns = await ConnectAsync(await NewUserAsync());
        anns.SendRaw([]);
        anns.Send(new ClientFrame.Ping());
        await anns.NextAsync<ServerFrame.Pong>();
        Assert.Empty(anns.Frames.OfType<ServerFrame.Error>());
    }

    [Fact]
    public async Task The_tenth_faulty_frame_closes()
    {
        var anns = await ConnectAsync(await NewUserAsync());
        for (var count = 0; count < 10; count++) anns.SendRaw([0xFF]);
        Assert.Equal(CloseCodes.BadFrames, await anns.ClosedAsync());
        Assert.Equal(10, anns.Frames.OfType<ServerFrame.Error>().Count());
    }

    [Theory]
    [InlineData("4200", CloseCodes.BadFrames)]
    [InlineData("", CloseCodes.BadFrames)]
    // A hello without a session, which is an empty one.
    [InlineData("0A00", CloseCodes.LogInAgain)]
    public async Task Anything_but_a_hello_with_a_session_first_closes(string frame, int code)
    {
        var device = Keep(await Device.OpenAsync(System.Gateway, Cancel, Format));
        device.SendRaw(Message(frame));
        Assert.Equal(code, await device.ClosedAsync());
    }

    private static byte[] Message(string frame)
    {
        var bytes = Convert.FromHexString(frame.Replace(" ", "", StringComparison.Ordinal));
        return [0x0A, (byte)bytes.Length, .. bytes];
    }
}
