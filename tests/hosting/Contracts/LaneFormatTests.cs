using System.Buffers;
using System.Text;
using Im.Contracts;
using Im.Contracts.Lanes;

namespace Im.Hosting.Tests.Contracts;

/// <summary>The bytes between nodes: fixed for a version, and nothing but <see cref="InvalidDataException"/> for what is not of it.</summary>
public sealed class LaneFormatTests
{
    // Version 1, 'S', node "n1", two submissions: a send in d12-34 of type null, and members 5 and 6 added to g7.
    private const string GoldenBatch =
        "0153" + "020000006e31" + "02000000"
        + "01" + "0900000000000000" + "0c00000000000000" + "03000000" + "612d31" + "0c00000000000000" + "2200000000000000" + "01" + "ffffffff" + "00000000"
        + "04000000" + "68c3a921" + "ffffffff"
        + "03" + "0a00000000000000" + "0c00000000000000" + "01000000" + "62" + "0000000000000000" + "0700000000000000" + "00" + "03000000" + "612f62"
        + "02000000" + "0500000000000000" + "0600000000000000" + "00000000" + "02000000" + "3030";

    // Version 1, 'D', one of each kind.
    private const string GoldenEnvelope =
        "0144"
        + "01000000" + "0c00000000000000" + "2200000000000000" + "0300000000000000" + "0c00000000000000" + "01000000" + "61" + "ffffffff"
        + "e803000000000000" + "0900000000000000" + "01000000" + "2200000000000000" + "02000000" + "6869"
        + "02000000" + "3031"
        + "01000000" + "0900000000000000" + "01000000" + "62" + "0000000000000000" + "0700000000000000" + "0000000000000000" + "e903000000000000"
        + "09000000" + "6e6f745f666f756e64"
        + "01000000" + "0000000000000000" + "0700000000000000" + "02000000" + "4f6b" + "01000000" + "0500000000000000" + "00000000"
        + "01000000" + "0b00000000000000"
        + "01000000" + "0c00000000000000" + "2200000000000000" + "2200000000000000" + "0d00000000000000" + "0300000000000000" + "0200000000000000"
        + "01000000" + "0c00000000000000"
        + "01000000" + "0000000000000000" + "0700000000000000" + "0500000000000000" + "01000000" + "0600000000000000";

    private static readonly Submission[] Batch =
    [
        new(SubmissionKind.Send, 9, 12, "a-1", ConversationId.Direct(34, 12), true, Encoding.UTF8.GetBytes("hé!")),
        new(SubmissionKind.AddMembers, 10, 12, "b", ConversationId.Group(7), false, ReadOnlyMemory<byte>.Empty, "a/b", [5, 6], "00"),
    ];

    private static readonly Envelope Whole = new(
        [new Delivery(ConversationId.Direct(12, 34), 3, 12, "a", null, "hi"u8.ToArray(), 1000, 9, [34], "01")],
        [new Answer(9, "b", ConversationId.Group(7), 0, 1001, "not_found")],
        [new ConversationNotice(ConversationId.Group(7), "Ok", [5], [])],
        [new ConnectionReplaced(11)],
        [new ReceiptNotice(ConversationId.Direct(12, 34), 34, 13, 3, 2, [12])],
        [new TypingNotice(ConversationId.Group(7), 5, [6])]);

    [Fact]
    public void A_batch_has_these_bytes() => Assert.Equal(GoldenBatch, Hex(output => LaneFormat.Write(output, "n1", Batch)));

    [Fact]
    public void An_envelope_has_these_bytes() => Assert.Equal(GoldenEnvelope, Hex(output => LaneFormat.Write(output, Whole)));

    [Fact]
    public void A_batch_is_read_as_it_was_written()
    {
        var read = LaneFormat.ReadBatch(Convert.FromHexString(GoldenBatch));
        Assert.Equal("n1", read.Node);
        Assert.Equal(Batch.Length, read.Submissions.Count);
        for (var i = 0; i < Batch.Length; i++)
        {
            var (wrote, got) = (Batch[i], read.Submissions[i]);
            Assert.Equal(wrote with { Body = default, Members = null }, got with { Body = default, Members = null });
            Assert.Equal(wrote.Body.ToArray(), got.Body.ToArray());
            Assert.Equal(wrote.Members, got.Members);
        }
    }

    [Fact]
    public void An_envelope_is_read_as_it_was_written()
    {
        var read = LaneFormat.ReadEnvelope(Convert.FromHexString(GoldenEnvelope));
        Assert.Equal(GoldenEnvelope, Hex(output => LaneFormat.Write(output, read)));
        Assert.Equal(Whole.Answers, read.Answers);
        Assert.Equal(Whole.Replaced, read.Replaced);
        Assert.Equal("hi"u8.ToArray(), read.Deliveries[0].Body.ToArray());
    }

    [Theory]
    [InlineData(GoldenBatch)]
    [InlineData(GoldenEnvelope)]
    [Trait("abuse", "87")]
    public void What_is_cut_off_anywhere_is_refused(string golden)
    {
        var bytes = Convert.FromHexString(golden);
        for (var length = 0; length < bytes.Length; length++)
        {
            var cut = bytes.AsMemory(0, length);
            Assert.Throws<InvalidDataException>(() => LaneFormat.ReadBatch(cut));
            Assert.Throws<InvalidDataException>(() => LaneFormat.ReadEnvelope(cut));
        }
    }

    [Theory]
    [InlineData(GoldenBatch)]
    [InlineData(GoldenEnvelope)]
    [Trait("abuse", "87")]
    public void Any_changed_byte_is_read_or_refused_and_nothing_else(string golden)
    {
        var bytes = Convert.FromHexString(golden);
        for (var place = 0; place < bytes.Length; place++)
        {
            foreach (var value in (byte[])[0x00, 0x01, 0x7f, 0x80, 0xc3, 0xff])
            {
                var changed = bytes.ToArray();
                changed[place] = value;
                ReadOrRefuse(() => LaneFormat.ReadBatch(changed));
                ReadOrRefuse(() => LaneFormat.ReadEnvelope(changed));
            }
        }
    }

    [Fact]
    [Trait("abuse", "87")]
    public void Noise_is_read_or_refused_and_nothing_else()
    {
        var random = new Random(20260301);
        for (var i = 0; i < 20_000; i++)
        {
            var noise = new byte[random.Next(0, 200)];
            random.NextBytes(noise);
            if (noise.Length > 2) (noise[0], noise[1]) = (LaneFormat.Version, random.Next(2) == 0 ? (byte)'S' : (byte)'D');
            ReadOrRefuse(() => LaneFormat.ReadBatch(noise));
            ReadOrRefuse(() => LaneFormat.ReadEnvelope(noise));
        }
    }

    [Theory]
    [InlineData("00")]
    [InlineData("0000000000")]
    [InlineData("07")]
    [InlineData("0702000000aa")]
    [InlineData("07ffffffff")]
    [InlineData("0701000000aa00")]
    public void Bytes_behind_the_end_that_are_no_section_are_refused(string more)
    {
        Assert.Throws<InvalidDataException>(() => LaneFormat.ReadBatch(Convert.FromHexString(GoldenBatch + more)));
        Assert.Throws<InvalidDataException>(() => LaneFormat.ReadEnvelope(Convert.FromHexString(GoldenEnvelope + more)));
    }

    [Theory]
    [InlineData("0700000000")]
    [InlineData("0702000000aabb")]
    [InlineData("0702000000aabbff01000000cc")]
    public void Sections_of_a_later_version_are_passed_over(string sections)
    {
        Assert.Equal(Batch.Length, LaneFormat.ReadBatch(Convert.FromHexString(GoldenBatch + sections)).Submissions.Count);
        var read = LaneFormat.ReadEnvelope(Convert.FromHexString(GoldenEnvelope + sections));
        Assert.Equal(GoldenEnvelope, Hex(output => LaneFormat.Write(output, read)));
    }

    private static void ReadOrRefuse(Action read)
    {
        var fault = Record.Exception(read);
        Assert.True(fault is null or InvalidDataException, fault?.ToString());
    }

    private static string Hex(Action<IBufferWriter<byte>> write)
    {
        var output = new ArrayBufferWriter<byte>();
        write(output);
        return Convert.ToHexStringLower(output.WrittenSpan);
    }
}
