using System.Buffers.Binary;
using System.Text;
using Im.Chaos.Scenarios;

namespace Im.Chaos.Tests.Scenarios;

public sealed class CommitWatchTests
{
    private const string Storing = "WITH guard AS (INSERT INTO shard_changes (shard, revision) SELECT 1, 2)\nINSERT INTO messages (conversation, seq) SELECT * FROM unnest($1, $2)";

    private static readonly byte[] Start = [.. Untyped(80877103), .. Untyped(3 << 16, "user\0im\0\0")];

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    [InlineData(7)]
    [InlineData(100_000)]
    public void A_commit_ends_with_its_sync_in_portions_of_any_size(int portion)
    {
        byte[] before = [.. Start, .. Typed('p', "password\0"), .. Parse("", Storing), .. Bind("", new string('x', 9000)), .. Typed('D', "P\0"), .. Typed('E', "\0\0\0\0\0")];
        byte[] end = Typed('S', "");
        var watch = new CommitWatch();
        Assert.Empty(Seen(watch, before, portion));
        Assert.Single(Seen(watch, end, portion));
        Assert.Empty(Seen(watch, end, portion));
    }

    [Fact]
    public void A_prepared_statement_is_known_by_its_name_until_the_name_means_another()
    {
        var watch = new CommitWatch();
        watch.Sees([.. Start, .. Parse("_p1", Storing), .. Typed('S', "")]);
        Assert.True(watch.Sees([.. Bind("_p1", "1"), .. Typed('E', "\0\0\0\0\0"), .. Typed('S', "")]));
        Assert.True(watch.Sees([.. Bind("_p0", "1"), .. Bind("_p1", "1"), .. Bind("_p2", "1"), .. Typed('S', "")]));
        Assert.False(watch.Sees([.. Bind("_p0", "1"), .. Typed('S', "")]));
        Assert.False(watch.Sees([.. Parse("_p1", "SELECT seq FROM messages"), .. Bind("_p1", "1"), .. Typed('S', "")]));
    }

    [Fact]
    public void Preparing_alone_commits_nothing_and_neither_does_reading()
    {
        var watch = new CommitWatch();
        Assert.False(watch.Sees([.. Start, .. Parse("_p1", Storing), .. Typed('S', "")]));
        Assert.False(watch.Sees([.. Parse("", "SELECT 1 FROM messages"), .. Bind("", "INSERT INTO messages ("), .. Typed('S', "")]));
        Assert.False(watch.Sees([.. Typed('Q', Storing + "\0")]));
    }

    [Fact]
    public void What_is_no_protocol_at_all_ends_too()
    {
        var watch = new CommitWatch();
        Assert.False(watch.Sees([.. Start, .. (byte[])[(byte)'P', 0, 0, 0, 0], .. (byte[])[(byte)'B', 0xff, 0xff, 0xff, 0xff], .. new byte[100]]));
    }

    /// <summary>The portions in which it saw a commit.</summary>
    private static List<byte[]> Seen(CommitWatch watch, byte[] bytes, int portion) => [.. bytes.Chunk(portion).Where(chunk => watch.Sees(chunk))];

    private static byte[] Parse(string name, string sql) => Typed('P', $"{name}\0{sql}\0\0\0");

    private static byte[] Bind(string name, string values) => Typed('B', $"\0{name}\0{values}");

    private static byte[] Typed(char type, string body) => [(byte)type, .. Length(Encoding.UTF8.GetByteCount(body) + 4), .. Encoding.UTF8.GetBytes(body)];

    private static byte[] Untyped(int code, string body = "") => [.. Length(Encoding.UTF8.GetByteCount(body) + 8), .. Length(code), .. Encoding.UTF8.GetBytes(body)];

    private static byte[] Length(int value)
    {
        var bytes = new byte[4];
        BinaryPrimitives.WriteInt32BigEndian(bytes, value);
        return bytes;
    }
}
