using Im.Contracts;
using Im.Gateway.Connections;

namespace Im.Gateway.Tests.Connections;

/// <summary>At most one receipt per conversation and second, and in the end the latest state.</summary>
public sealed class ReceiptPacerTests
{
    private const long Ann = 11;
    private const long Bob = 12;
    private static readonly ConversationId Chat = ConversationId.Direct(Ann, Bob);
    private static readonly ConversationId Other = ConversationId.Direct(Ann, 13);
    private readonly ManualTime _time = new();
    private readonly ReceiptPacer _pacer;

    public ReceiptPacerTests() => _pacer = new ReceiptPacer(_time);

    [Fact]
    public void The_first_one_goes_out_at_once_in_each_conversation()
    {
        Assert.True(_pacer.Offer(new Receipt(Chat, Bob, 1, 0), hasRoom: true));
        Assert.True(_pacer.Offer(new Receipt(Other, 13, 1, 0), hasRoom: true));
        _time.Advance(ReceiptPacer.Pause);
        Assert.Null(_pacer.TakeDue(hasRoom: true));
        Assert.True(_pacer.Offer(new Receipt(Chat, Bob, 2, 0), hasRoom: true));
    }

    [Fact]
    public void What_follows_within_the_second_is_merged_and_goes_out_when_it_is_over()
    {
        Assert.True(_pacer.Offer(new Receipt(Chat, Bob, 1, 0), hasRoom: true));
        for (var seq = 2; seq <= 50; seq++) Assert.False(_pacer.Offer(new Receipt(Chat, Bob, seq, seq % 2 == 0 ? seq - 1 : 0), hasRoom: true));
        Assert.False(_pacer.Offer(new Receipt(Chat, Bob, 7, 7), hasRoom: true));
        _time.Advance(ReceiptPacer.Pause - TimeSpan.FromMilliseconds(1));
        Assert.Null(_pacer.TakeDue(hasRoom: true));
        _time.Advance(TimeSpan.FromMilliseconds(1));
        Assert.Equal(new Receipt(Chat, Bob, 50, 49), _pacer.TakeDue(hasRoom: true));
        Assert.Null(_pacer.TakeDue(hasRoom: true));
        Assert.False(_pacer.Offer(new Receipt(Chat, Bob, 51, 0), hasRoom: true));
    }

    [Fact]
    public void Both_of_a_pair_take_turns()
    {
        Assert.True(_pacer.Offer(new Receipt(Chat, Bob, 1, 0), hasRoom: true));
        Assert.False(_pacer.Offer(new Receipt(Chat, Ann, 3, 3), hasRoom: true));
        Assert.False(_pacer.Offer(new Receipt(Chat, Bob, 2, 0), hasRoom: true));
        _time.Advance(ReceiptPacer.Pause);
        Assert.Equal(new Receipt(Chat, Ann, 3, 3), _pacer.TakeDue(hasRoom: true));
        Assert.Null(_pacer.TakeDue(hasRoom: true));
        _time.Advance(ReceiptPacer.Pause);
        Assert.Equal(new Receipt(Chat, Bob, 2, 0), _pacer.TakeDue(hasRoom: true));
        _time.Advance(ReceiptPacer.Pause);
        Assert.Null(_pacer.TakeDue(hasRoom: true));
    }

    [Fact]
    public void Without_room_it_waits_and_its_latest_state_goes_out_when_there_is_some()
    {
        Assert.False(_pacer.Offer(new Receipt(Chat, Bob, 1, 0), hasRoom: false));
        for (var second = 0; second < 5; second++)
        {
            _time.Advance(ReceiptPacer.Pause);
            Assert.Null(_pacer.TakeDue(hasRoom: false));
        }

        Assert.False(_pacer.Offer(new Receipt(Chat, Bob, 9, 8), hasRoom: true));
        _time.Advance(ReceiptPacer.Pause);
        Assert.Equal(new Receipt(Chat, Bob, 9, 8), _pacer.TakeDue(hasRoom: true));
    }

    [Fact]
    public void A_bounded_number_of_conversations_is_paced_and_the_next_one_has_its_turn_later()
    {
        for (var i = 0; i < ReceiptPacer.MaxConversations; i++) Assert.True(_pacer.Offer(new Receipt(ConversationId.Group(i + 1), Ann, 1, 0), hasRoom: true));
        Assert.False(_pacer.Offer(new Receipt(Chat, Bob, 1, 0), hasRoom: true));
        _time.Advance(ReceiptPacer.Pause);
        Assert.Null(_pacer.TakeDue(hasRoom: true));
        Assert.True(_pacer.Offer(new Receipt(Chat, Bob, 2, 0), hasRoom: true));
    }

    public static TheoryData<int> Seeds => [.. Enumerable.Range(1, 20)];

    [Theory]
    [MemberData(nameof(Seeds))]
    public void Whatever_comes_none_is_sooner_than_a_second_and_the_last_state_arrives(int seed)
    {
        var random = new Random(seed);
        var (sentAt, last, offered) = (new Dictionary<ConversationId, DateTimeOffset>(), new Dictionary<(ConversationId, long), Receipt>(), new Dictionary<(ConversationId, long), Receipt>());
        for (var step = 0; step < 2000; step++)
        {
            if (step < 1900)
            {
                var receipt = new Receipt(random.Next(3) switch { 0 => Chat, 1 => Other, _ => ConversationId.Group(7) }, random.Next(2) == 0 ? Ann : Bob, step + 1, step);
                offered[(receipt.Conversation, receipt.User)] = receipt;
                if (_pacer.Offer(receipt, random.Next(10) > 0)) Sent(receipt);
            }

            _time.Advance(TimeSpan.FromMilliseconds(random.Next(1, 300)));
            while (_pacer.TakeDue(step >= 1900 || random.Next(10) > 0) is { } due) Sent(due);
        }

        Assert.Equal(offered, last);

        void Sent(Receipt receipt)
        {
            if (sentAt.TryGetValue(receipt.Conversation, out var before)) Assert.True(_time.GetUtcNow() - before >= ReceiptPacer.Pause);
            sentAt[receipt.Conversation] = _time.GetUtcNow();
            last[(receipt.Conversation, receipt.User)] = receipt;
        }
    }
}
