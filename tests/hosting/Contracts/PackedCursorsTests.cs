using System.Text.Json;
using Im.Contracts;
using Im.Contracts.Messages;
using MassTransit.Serialization;

namespace Im.Hosting.Tests.Contracts;

public sealed class PackedCursorsTests
{
    /// <summary>What the bus writes with.</summary>
    private static readonly JsonSerializerOptions Json = SystemTextJsonMessageSerializer.Options;

    [Fact]
    public void A_report_comes_as_it_went()
    {
        CursorMoved[] cursors =
        [
            new(1, 2, ConversationId.Direct(1, 7).ToGuid(), 3, 0),
            new(long.MaxValue, long.MinValue, Guid.Parse("00112233-4455-6677-8899-aabbccddeeff"), -1, long.MaxValue),
        ];
        var read = JsonSerializer.Deserialize<ReportCursors>(JsonSerializer.Serialize(new ReportCursors(cursors), Json), Json)!;
        Assert.Equal(cursors, read.Cursors);
    }

    [Fact]
    public void An_empty_report_comes_as_it_went() =>
        Assert.Empty(JsonSerializer.Deserialize<ReportCursors>(JsonSerializer.Serialize(new ReportCursors([]), Json), Json)!.Cursors);

    [Fact]
    public void A_cursor_takes_64_characters()
    {
        var one = JsonSerializer.Serialize(new ReportCursors([new(1, 2, Guid.Empty, 3, 4)]), Json).Length;
        var two = JsonSerializer.Serialize(new ReportCursors([new(1, 2, Guid.Empty, 3, 4), new(1, 2, Guid.Empty, 3, 4)]), Json).Length;
        Assert.Equal(64, two - one);
    }

    [Theory]
    [InlineData("\"AAAA\"")]
    [InlineData("\"no base64!\"")]
    [InlineData("7")]
    [InlineData("[{\"userId\":1}]")]
    public void What_is_no_whole_number_of_cursors_is_refused(string packed) =>
        Assert.Throws<JsonException>(() => JsonSerializer.Deserialize<ReportCursors>($$"""{"cursors":{{packed}}}""", Json));
}
