using Google.Protobuf;
using Wire = Im.V1;

namespace Im.Protocol.Tests;

/// <summary>What protobuf promises to every sender: unknown fields are skipped, the last value of a field counts, parts of a message are merged.</summary>
public sealed class MergingTests
{
    /// <summary>Fields of a frame in hex, and what is read. Written by hand, so the official library judges them too.</summary>
    public static TheoryData<string, string, string> Frames { get; } = new()
    {
        { "a field that is not known", "1A0D 0A026331 1007 7A03616263 5801", """{"t":"ack","c":"c1","seq":7}""" },
        { "a fixed field that is not known", "1A14 0A026331 1007 6101020304050607085D01020304", """{"t":"ack","c":"c1","seq":7}""" },
        { "a group that is not known, with a group inside", "1A0E 7B8301080184017C 0A026331 1007", """{"t":"ack","c":"c1","seq":7}""" },
        { "a known number with another wire type", "1A0A 0A026331 1007 0805 1200", """{"t":"ack","c":"c1","seq":7}""" },
        { "a field twice", "1A0C 0A026331 1007 0A026332 1008", """{"t":"ack","c":"c2","seq":8}""" },
        { "a number in more bytes than it needs", "1A0E 0A8280808000 6331 10878000 5801", """{"t":"ack","c":"c1","seq":7}""" },
        { "a number of ten bytes", "1A11 0A026331 10FFFFFFFFFFFFFFFFFF00 5801", """{"t":"ack","c":"c1","seq":9223372036854775807}""" },
        { "fields in any order", "1A06 1007 0A026331", """{"t":"ack","c":"c1","seq":7}""" },
        { "a frame in two parts", "1A04 0A026331 1A02 1007", """{"t":"ack","c":"c1","seq":7}""" },
        { "a frame in three parts, the last value counts", "1A04 0A026331 1A02 1007 1A04 0A026332", """{"t":"ack","c":"c2","seq":7}""" },
        { "another frame behind a frame", "1A06 0A026331 1007 4200", """{"t":"ping"}""" },
        { "a frame, another one and the first again", "1A04 0A026331 4200 1A02 1007", """{"t":"ack","c":"","seq":7}""" },
        { "an unknown kind behind a frame", "1A06 0A026331 1007 FA0100", """{"t":"ack","c":"c1","seq":7}""" },
        { "a target in two parts, the last goal counts", "2A0C 0A04 0A027531 0A04 12026331", """{"t":"typing","to":{"conversation":"c1"}}""" },
        { "a target with both goals, the last one counts", "2A0A 0A08 12026331 0A027531", """{"t":"typing","to":{"user":"u1"}}""" },
        { "a goal that is empty", "2A04 0A02 0A00", """{"t":"typing","to":{"user":""}}""" },
        { "users among other fields", "320E 0A027531 1001 0A027532 1000 5801", """{"t":"watch","users":["u1","u2"]}""" },
        { "users in two parts", "3204 0A027531 3206 0A027532 1001", """{"t":"watch","users":["u1","u2"],"off":true}""" },
        { "a flag of another number than 1", "3202 1002", """{"t":"watch","users":[],"off":true}""" },
        { "a conversation twice in the cursors", "0A13 0A0173 1206 0A026331 1007 1206 0A026331 1008", """{"t":"hello","session":"s","cursors":{"c1":8}}""" },
        { "a cursor without conversation or seq", "0A05 0A0173 1200", """{"t":"hello","session":"s","cursors":{"":0}}""" },
    };

    [Theory]
    [MemberData(nameof(Frames))]
    public void A_frame_is_read_by_the_rules_of_protobuf(string what, string hex, string json)
    {
        Assert.NotEmpty(what);
        var frame = Bytes(hex);
        byte[] message = [0x0A, (byte)frame.Length, .. frame];
        var read = Assert.Single(Written.Read(FrameFormat.Protobuf, message)).Frame!;
        Assert.Equal(json, Written.Told(read));
        var official = Assert.Single(Wire.ClientMessage.Parser.ParseFrom(message).Frames);
        Assert.Equal(JsonFormatter.Default.Format(official), JsonFormatter.Default.Format(Conversion.ToWire(read)));
    }

    public static TheoryData<string, string> Faults { get; } = new()
    {
        { "no kind", "" },
        { "a kind that is not known", "FA0100" },
        { "a kind with another wire type", "4000" },
        { "a text beyond the frame", "1A03 0A0561" },
        { "a length without an end", "1A02 0AFF" },
        { "a negative length", "1A0C 0AFFFFFFFFFFFFFFFFFF01 61" },
        { "a number without an end", "1A02 10FF" },
        { "a number of eleven bytes", "1A0C 10FFFFFFFFFFFFFFFFFFFF01" },
        { "a field of number 0", "1A02 0000" },
        { "a wire type that does not exist", "1A02 0F00" },
        { "the end of a group that never began", "1A01 0C" },
        { "a group without an end", "1A01 0B" },
        { "a group with the end of another", "1A02 0B14" },
        { "an eight-byte field of seven bytes", "1A08 09 01020304050607" },
        { "a broken part that another one completes", "1A02 0A02 1A02 6331" },
        { "a broken target that another one completes", "2A08 0A02 0A02 0A02 7531" },
        { "a broken frame behind which another one comes", "1A02 10FF 4200" },
        { "a cursor that breaks off", "0A05 0A0173 1200 1201 0A" },
    };

    [Theory]
    [MemberData(nameof(Faults))]
    public void A_frame_that_is_none_is_a_fault_and_those_behind_it_are_read(string what, string hex)
    {
        Assert.NotEmpty(what);
        var frame = Bytes(hex);
        var read = Written.Read(FrameFormat.Protobuf, [0x0A, (byte)frame.Length, .. frame, 0x0A, 0x02, 0x42, 0x00]);
        Assert.Equal(["bad_frame ", """{"t":"ping"}"""], read.Select(Written.Told));
    }

    [Fact]
    public void The_id_of_a_send_that_breaks_off_behind_it_is_told()
    {
        var frame = Bytes("1206 0A026131 1AFF");
        Assert.Equal("bad_frame a1", Written.Told(Assert.Single(Written.Read(FrameFormat.Protobuf, [0x0A, (byte)frame.Length, .. frame]))));
    }

    [Fact]
    public void Where_a_length_is_wrong_nothing_behind_it_is_read_and_everything_before()
    {
        Assert.Equal(["""{"t":"ping"}""", "bad_frame "], Written.Read(FrameFormat.Protobuf, Bytes("0A024200 0A094200 0A024200")).Select(Written.Told));
        Assert.Equal(["""{"t":"ping"}""", "bad_frame "], Written.Read(FrameFormat.Protobuf, Bytes("0A024200 00")).Select(Written.Told));
    }

    [Fact]
    public void A_message_without_frames_is_nothing_and_unknown_fields_beside_frames_are_skipped()
    {
        Assert.Empty(Written.Read(FrameFormat.Protobuf, []));
        Assert.Equal(["""{"t":"ping"}"""], Written.Read(FrameFormat.Protobuf, Bytes("12024200 0A024200 0801")).Select(Written.Told));
    }

    [Fact]
    public void Groups_in_groups_end_at_a_hundred()
    {
        static byte[] Nested(int depth) => [.. Enumerable.Repeat((byte)0x7B, depth), .. Enumerable.Repeat((byte)0x7C, depth), 0x0A, 0x02, 0x42, 0x00];
        Assert.Equal(["""{"t":"ping"}"""], Written.Read(FrameFormat.Protobuf, Nested(100)).Select(Written.Told));
        Assert.Equal(["bad_frame "], Written.Read(FrameFormat.Protobuf, Nested(101)).Select(Written.Told));
        var endless = Enumerable.Repeat((byte)0x7B, Limits.ClientMessageBytes).ToArray();
        Assert.Equal(["bad_frame "], Written.Read(FrameFormat.Protobuf, endless).Select(Written.Told));
    }

    [Fact]
    public void A_frame_in_sixteen_thousand_parts_is_read_in_one_pass()
    {
        // As many parts as fit into a message; if each cost a copy of those before, this would copy hundreds of megabytes.
        var parts = Enumerable.Repeat(Bytes("1A02 1007"), 16_000).SelectMany(part => part).ToArray();
        var before = GC.GetAllocatedBytesForCurrentThread();
        var read = Written.Read(FrameFormat.Protobuf, [0x0A, .. Length(parts.Length), .. parts]);
        Assert.Equal("""{"t":"ack","c":"","seq":7}""", Written.Told(Assert.Single(read)));
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 1, 2_000_000);
    }

    [Fact]
    public void A_client_skips_fields_and_frames_that_it_does_not_know()
    {
        var message = Bytes("0A04 FA010161 0A06 5A04 0805 7801 1201 00");
        Assert.Equal(["""{"t":"pong","time":5}"""], Written.ReadServer(FrameFormat.Protobuf, message).Select(Written.Told));
    }

    private static byte[] Length(int length) => [(byte)(length | 0x80), (byte)((length >> 7) | 0x80), (byte)(length >> 14)];

    private static byte[] Bytes(string hex) => Convert.FromHexString(hex.Replace(" ", "", StringComparison.Ordinal));
}
