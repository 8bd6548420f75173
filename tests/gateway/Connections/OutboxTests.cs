using System.Buffers;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;
using Im.Gateway.Connections;
using Im.Protocol;

namespace Im.Gateway.Tests.Connections;

public sealed class OutboxTests
{
    private readonly Outbox _outbox = new(FrameFormat.Json);

    [Fact]
    public void A_lone_frame_goes_out_as_it_is()
    {
        Assert.True(_outbox.TryAdd(new ServerFrame.Pong(5)));
        Assert.Equal("""{"t":"pong","time":5}""", Taken());
        _outbox.Add("""{"t":"x"}"""u8);
        Assert.Equal("""{"t":"x"}""", Taken());
    }

    [Fact]
    public void Several_frames_go_out_as_one_array_in_their_order()
    {
        _outbox.Add("""{"n":1}"""u8);
        _outbox.TryAdd(new ServerFrame.Pong(2));
        _outbox.Add("""{"n":3}"""u8);
        Assert.Equal("""[{"n":1},{"t":"pong","time":2},{"n":3}]""", Taken());
    }

    [Fact]
    public void What_was_taken_stays_as_it_is_while_others_are_added()
    {
        _outbox.Add("""{"n":1}"""u8);
        var first = _outbox.Take();
        for (var i = 0; i < 10_000; i++) _outbox.Add("""{"n":2}"""u8);
        Assert.Equal("""{"n":1}""", Encoding.UTF8.GetString(first.Span));
        Assert.Equal(10_000, JsonDocument.Parse(_outbox.Take()).RootElement.GetArrayLength());
        Assert.True(_outbox.IsEmpty);
    }

    [Fact]
    public void Nothing_is_held_when_all_is_written_however_much_it_was()
    {
        Assert.Equal(0, _outbox.Capacity);
        foreach (var size in (int[])[1, 1_000, 100_000, 500_000])
        {
            _outbox.Add(new byte[size]);
            _outbox.Take();
            Assert.InRange(_outbox.Capacity, size, int.MaxValue);
            _outbox.Written();
            Assert.Equal(0, _outbox.Capacity);
        }

        _outbox.Add(new byte[1]);
        _outbox.Clear();
        Assert.Equal(0, _outbox.Capacity);
        _outbox.Add(new byte[1]);
        _outbox.Take();
        _outbox.Add(new byte[1]);
        _outbox.Lose();
        Assert.True(_outbox.IsEmpty);
        Assert.Equal(0, _outbox.Capacity);
    }

    [Fact]
    public void Of_what_many_took_that_were_behind_at_once_8_MiB_are_kept_at_most()
    {
        var writers = Enumerable.Range(0, 60).Select(_ => new RentedWriter()).ToList();
        var first = ArraysOfBig(writers);
        Assert.Equal(60, first.Count);
        foreach (var writer in writers) writer.Return();
        Assert.InRange(ArraysOfBig(writers).Intersect(first).Sum(array => array.Length), 0, 8 * 1024 * 1024);
    }

    [Fact]
    public void What_was_never_written_is_not_given_to_others()
    {
        _outbox.Add("""{"n":1}"""u8);
        var first = _outbox.Take();
        _outbox.Add("""{"n":2}"""u8);
        _outbox.Take();
        for (var count = 0; count < 100; count++) Array.Fill(ArrayPool<byte>.Shared.Rent(1024), (byte)'x');
        Assert.Equal("""{"n":1}""", Encoding.UTF8.GetString(first.Span));
    }

    [Fact]
    public void Sizes_of_all_kinds_follow_each_other_without_a_trace()
    {
        var random = new Random(7);
        for (var round = 0; round < 500; round++)
        {
            var texts = Enumerable.Range(0, random.Next(1, 5)).Select(_ => new string('x', random.Next(40_000))).ToArray();
            foreach (var text in texts) _outbox.TryAdd(new ServerFrame.Error("e", text));
            Assert.False(_outbox.IsEmpty);
            using var taken = JsonDocument.Parse(_outbox.Take());
            var frames = taken.RootElement.ValueKind == JsonValueKind.Array ? taken.RootElement.EnumerateArray().ToArray() : [taken.RootElement];
            Assert.Equal(texts, frames.Select(frame => frame.GetProperty("detail").GetString()));
            Assert.True(_outbox.IsEmpty);
        }
    }

    [Fact]
    public void Live_messages_stop_at_half_of_a_message_and_replays_go_on_far_below()
    {
        var frame = new byte[1023];
        for (var kib = 0; kib < 512; kib++)
        {
            Assert.True(_outbox.HasRoom, $"{kib} KiB");
            Assert.Equal(kib < 128, _outbox.HasRoomForReplay);
            _outbox.Add(frame);
        }

        Assert.False(_outbox.HasRoom);
        _outbox.Take();
        Assert.True(_outbox.HasRoom);
        Assert.True(_outbox.HasRoomForReplay);
    }

    [Fact]
    public void What_is_let_in_is_never_more_than_one_message_of_the_server()
    {
        var frame = new ServerFrame.Accepted(new string('i', 64), "d1-2", 3, "d1-2.3", 4);
        var size = SizeOf(frame);
        for (var added = 0; _outbox.TryAdd(frame); added++) Assert.InRange(added * (size + 1), 0, Limits.ServerMessageBytes);
        // The frame that did not fit any more closes the connection.
        Assert.InRange(_outbox.Take().Length, Limits.ServerMessageBytes - 200, Limits.ServerMessageBytes + 200);
    }

    [Fact]
    public void A_live_message_that_found_room_fits_whatever_its_size()
    {
        while (_outbox.HasRoom) _outbox.Add(new byte[1000]);
        var largest = new ServerFrame.Message(
            $"d{long.MaxValue}-{long.MaxValue}", long.MaxValue, $"d{long.MaxValue}-{long.MaxValue}.{long.MaxValue}", $"{long.MaxValue}", new string('i', 64),
            Encoding.UTF8.GetBytes(new string('\u0001', Limits.BodyBytes)), new string('"', Limits.TypeLength), long.MaxValue);
        Assert.True(_outbox.TryAdd(largest));
        Assert.InRange(_outbox.Take().Length, 1, Limits.ServerMessageBytes);
    }

    [Fact]
    public void In_protobuf_frames_lie_one_behind_the_other()
    {
        var outbox = new Outbox(FrameFormat.Protobuf);
        outbox.TryAdd(new ServerFrame.Pong(5));
        Assert.Equal("0A045A020805", Convert.ToHexString(outbox.Take().Span));
        outbox.TryAdd(new ServerFrame.Synced());
        outbox.Add([0x0A, 0x02, 0x2A, 0x00]);
        outbox.TryAdd(new ServerFrame.Pong(5));
        Assert.Equal("0A022A000A022A000A045A020805", Convert.ToHexString(outbox.Take().Span));
        Assert.True(outbox.IsEmpty);
    }

    [Fact]
    public void What_was_cleared_is_not_sent()
    {
        _outbox.Add("""{"n":1}"""u8);
        _outbox.Add("""{"n":2}"""u8);
        _outbox.Clear();
        Assert.True(_outbox.IsEmpty);
        _outbox.Add("""{"n":3}"""u8);
        Assert.Equal("""{"n":3}""", Taken());
    }

    private string Taken() => Encoding.UTF8.GetString(_outbox.Take().Span);

    private static int SizeOf(ServerFrame frame)
    {
        var bytes = new ArrayBufferWriter<byte>();
        FrameFormat.Json.Write(bytes, frame);
        return bytes.WrittenCount;
    }

    private static HashSet<byte[]> ArraysOfBig(IEnumerable<RentedWriter> writers) => [.. writers.Select(writer =>
    {
        writer.Write(new byte[300_000]);
        Assert.True(MemoryMarshal.TryGetArray(writer.WrittenMemory, out var array));
        return array.Array!;
    })];
}
