using System.Text;

namespace Im.Protocol.Tests;

public sealed class JsonFormatTests() : FrameFormatSpec(FrameFormat.Json);

public sealed class ProtobufFormatTests() : FrameFormatSpec(FrameFormat.Protobuf);

/// <summary>What holds for frames in every format: what comes back, how many become one message, and what is refused with which code and id.</summary>
public abstract class FrameFormatSpec(FrameFormat format)
{
    private static readonly Target Bob = Target.ToUser("u1");

    [Fact]
    public void It_is_found_by_its_subprotocol_and_by_nothing_else()
    {
        Assert.Same(format, FrameFormat.Find(format.Subprotocol));
        Assert.Same(format, FrameFormat.All[format.Number]);
        Assert.Null(FrameFormat.Find(format.Subprotocol.ToUpperInvariant()));
        Assert.Null(FrameFormat.Find(""));
    }

    [Fact]
    public void Every_frame_comes_back_as_it_was_written()
    {
        var random = new RandomFrames(7);
        for (var count = 0; count < 5_000; count++)
        {
            var (client, server) = (random.NextClient(), random.NextServer());
            Assert.Equal(Written.Told(client), Written.Told(Assert.Single(Written.Read(format, Written.In(format, client)))));
            Assert.Equal(Written.Told(server), Written.Told(Assert.Single(Written.ReadServer(format, Written.In(format, server)))));
        }
    }

    [Fact]
    public void Frames_joined_as_the_format_wants_it_are_one_message()
    {
        var random = new RandomFrames(8);
        for (var count = 1; count < 50; count++)
        {
            ServerFrame[] frames = [.. Enumerable.Range(0, count).Select(_ => random.NextServer())];
            var message = new List<byte>();
            foreach (var frame in frames)
            {
                message.AddRange(message.Count == 0 ? format.Opening : format.Separator);
                message.AddRange(Written.In(format, frame));
            }

            message.AddRange(format.Closing);
            Assert.Equal(frames.Select(Written.Told), Written.ReadServer(format, message.ToArray()).Select(Written.Told));
        }

        Assert.Equal(format.Opening.Length, format.Separator.Length);
    }

    /// <summary>Frames that can be written and must not be taken.</summary>
    public static TheoryData<ClientFrame, string> Refused { get; } = new()
    {
        { Send(id: ""), "bad_frame " },
        { Send(id: "a b"), "bad_frame a b" },
        { Send(id: "ä"), "bad_frame ä" },
        { Send(id: new string('i', 64) + "!"), "bad_frame " },
        { Send(id: new string('i', 65)), "bad_frame " },
        { Send(body: "a\0b"), "bad_text a1" },
        { Send(body: new string('x', 16 * 1024 + 1)), "too_big a1" },
        { Send(body: new string('ü', 8 * 1024) + "x"), "too_big a1" },
        { Send(id: "a b", body: "\0"), "bad_text a b" },
        { Send(type: ""), "bad_frame a1" },
        { Send(type: "text/plän"), "bad_frame a1" },
        { Send(type: new string('t', 101)), "bad_frame a1" },
        { Send() with { To = default }, "bad_frame a1" },
        { new ClientFrame.Typing(default), "bad_frame " },
        { new ClientFrame.Ack("c1", -1), "bad_frame " },
        { new ClientFrame.Read("c1", long.MinValue), "bad_frame " },
        { new ClientFrame.Hello("s", new Dictionary<string, long> { ["c1"] = 5, ["c2"] = -1 }), "bad_frame " },
        { new ClientFrame.Watch([.. Enumerable.Range(0, 1001).Select(user => $"{user}")]), "too_big " },
    };

    [Theory]
    [MemberData(nameof(Refused), DisableDiscoveryEnumeration = true)]
    public void A_frame_that_breaks_a_rule_is_refused_with_its_code_and_id(ClientFrame frame, string told) =>
        Assert.Equal(told, Written.Told(Assert.Single(Written.Read(format, Written.In(format, frame)))));

    [Fact]
    public void The_largest_that_may_be_is_taken()
    {
        foreach (var body in (string[])["", new('x', 16 * 1024), new('ü', 8 * 1024)]) IsTaken(Send(body: body));
        IsTaken(Send(id: new string('i', 64), type: new string('t', 100)));
        IsTaken(new ClientFrame.Watch([.. Enumerable.Range(0, 1000).Select(user => $"{user}")]));
        IsTaken(new ClientFrame.Ack("c1", long.MaxValue));
    }

    [Fact]
    public void A_message_of_a_server_that_is_cut_off_is_invalid()
    {
        var message = Written.In(format, new ServerFrame.Accepted("a1", "c1", 3, "c1.3", 1_700_000_000_000));
        Assert.Throws<InvalidDataException>(() => Written.ReadServer(format, message.AsSpan(0, message.Length - 1)));
    }

    [Fact]
    public void Writing_makes_no_garbage()
    {
        var frame = new ServerFrame.Message("d1-2", 3, "d1-2.3", "1", "a1", Encoding.UTF8.GetBytes(new string('x', 100)), Limits.DefaultType, 1_700_000_000_000);
        var output = new System.Buffers.ArrayBufferWriter<byte>(64 * 1024);
        format.Write(output, frame);
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var count = 0; count < 100; count++) format.Write(output, frame);
        Assert.Equal(before, GC.GetAllocatedBytesForCurrentThread());
    }

    private static ClientFrame.Send Send(string id = "a1", string body = "b", string? type = null) => new(id, Bob, Encoding.UTF8.GetBytes(body), type);

    private void IsTaken(ClientFrame frame) => Assert.Equal(Written.Told(frame), Written.Told(Assert.Single(Written.Read(format, Written.In(format, frame)))));
}
