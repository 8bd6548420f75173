using Im.Contracts;

namespace Im.Hosting.Tests.Contracts;

public sealed class ConversationIdTests
{
    private static readonly ConversationId[] Samples =
    [
        ConversationId.Direct(1, 1), ConversationId.Direct(1, 2), ConversationId.Direct(2, 1), ConversationId.Direct(long.MaxValue, 1),
        ConversationId.Group(1), ConversationId.Group(long.MaxValue),
    ];

    [Fact]
    public void Every_form_leads_back_to_the_id()
    {
        Assert.All(Samples, id =>
        {
            Assert.Equal(id, ConversationId.FromGuid(id.ToGuid()));
            Assert.True(ConversationId.TryParse(id.ToString(), out var parsed));
            Assert.Equal(id, parsed);
        });
    }

    [Fact]
    public void The_id_of_a_message_leads_back_to_its_place()
    {
        Assert.All(Samples, id =>
        {
            Assert.True(ConversationId.TryParseMessageId(id.MessageId(42), out var parsed, out var seq));
            Assert.Equal((id, 42), (parsed, seq));
        });
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData(".")]
    [InlineData("d1-2")]
    [InlineData("d1-2.")]
    [InlineData(".7")]
    [InlineData("d1-2.0")]
    [InlineData("d1-2.07")]
    [InlineData("d1-2.-1")]
    [InlineData("d2-1.7")]
    [InlineData("d1-2.7.8")]
    [InlineData("x1.7")]
    public void Nothing_else_is_the_id_of_a_message(string? text) => Assert.False(ConversationId.TryParseMessageId(text, out _, out _));

    [Fact]
    public void The_id_of_two_is_the_same_from_both_sides() => Assert.Equal(ConversationId.Direct(5, 9), ConversationId.Direct(9, 5));

    [Fact]
    public void Only_the_two_are_in_a_conversation_of_two()
    {
        var id = ConversationId.Direct(5, 9);
        Assert.True(id is { IsDirect: true, IsGroup: false });
        Assert.True(id.IsBetween(5) && id.IsBetween(9) && !id.IsBetween(6));
        Assert.Equal(9, id.PeerOf(5));
        Assert.Equal(5, id.PeerOf(9));
        Assert.Equal(5, ConversationId.Direct(5, 5).PeerOf(5));
        Assert.False(ConversationId.Group(5).IsBetween(5));
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("d")]
    [InlineData("g")]
    [InlineData("g0")]
    [InlineData("g-1")]
    [InlineData("g01")]
    [InlineData("g+1")]
    [InlineData("g 1")]
    [InlineData("g1 ")]
    [InlineData("G1")]
    [InlineData("g1.2")]
    [InlineData("g9223372036854775808")]
    [InlineData("g99999999999999999999")]
    [InlineData("d1")]
    [InlineData("d-1")]
    [InlineData("d1-")]
    [InlineData("d-")]
    [InlineData("d1--2")]
    [InlineData("d2-1")]
    [InlineData("d0-1")]
    [InlineData("d01-2")]
    [InlineData("d1-2-3")]
    [InlineData("d1-2 ")]
    [InlineData("d٣-٤")]
    [InlineData("x1-2")]
    [InlineData("d11111111111111111111111111111111-2222222222222222222222222222222222")]
    public void What_is_not_the_one_spelling_is_refused(string? text)
    {
        Assert.False(ConversationId.TryParse(text, out var id));
        Assert.Equal(default, id);
    }

    [Theory]
    [InlineData(16)]
    [InlineData(7)]
    [InlineData(64)]
    public void Conversations_spread_evenly_over_the_shards(int shards)
    {
        // Ids as they are drawn: neighbours in time, random low bits.
        var random = new Random(7);
        var ids = Enumerable.Range(0, 400).Select(i => ((long)i << 20) + random.Next(1 << 20)).ToArray();
        var pairs = ids.SelectMany(one => ids.Take(50), ConversationId.Direct).Distinct().ToArray();
        AssertEven(pairs, shards);
        AssertEven([.. Enumerable.Range(0, 20_000).Select(i => ConversationId.Group(((long)i << 20) + random.Next(1 << 20)))], shards);
        AssertEven([.. Enumerable.Range(1, 20_000).Select(i => ConversationId.Group(i))], shards);
    }

    [Fact]
    public void The_shard_of_a_conversation_never_changes()
    {
        Assert.Equal([5, 4, 9, 3], new[] { ConversationId.Direct(1, 2), ConversationId.Direct(12, 34), ConversationId.Group(1), ConversationId.Group(56) }
            .Select(id => id.Shard(16)));
    }

    private static void AssertEven(ConversationId[] ids, int shards)
    {
        var counts = new int[shards];
        foreach (var id in ids) counts[id.Shard(shards)]++;
        var expected = (double)ids.Length / shards;
        var chiSquare = counts.Sum(count => (count - expected) * (count - expected) / expected);
        // Mean shards − 1, deviation √(2(shards − 1)): six of them are no accident.
        Assert.True(chiSquare < shards - 1 + (6 * Math.Sqrt(2 * (shards - 1))), $"chi-square {chiSquare:0} over {shards} shards: {string.Join(' ', counts)}");
    }
}
