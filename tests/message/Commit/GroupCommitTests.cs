using Im.Contracts;
using Im.Contracts.Lanes;
using Im.Hosting;
using Im.Hosting.Health;
using Im.Hosting.Nodes;
using Im.Hosting.Routes;
using Im.Message.Commit;
using Im.Message.Delivery;
using Im.Message.Log;
using Im.Protocol;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using static Im.Message.Tests.Asked;

namespace Im.Message.Tests.Commit;

/// <summary>The one writer: whatever its log does, each submission is decided once, in order, and answered.</summary>
public sealed class GroupCommitTests : IAsyncLifetime
{
    private readonly LogDouble _log = new();
    private readonly LanesDouble _lanes = new();
    private readonly ReaderDouble _reader = new();
    private readonly Dependencies _dependencies = new(NullLogger<Dependencies>.Instance);
    private readonly NodeLedger _ledger = new();
    private readonly List<Answer> _answers = [];
    private Dispatcher? _dispatcher;
    private GroupCommit? _commit;
    private ulong _tag;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public async ValueTask DisposeAsync()
    {
        if (_commit is null || _dispatcher is null) return;
        await _commit.StopAsync(CancellationToken.None);
        await _dispatcher.StopAsync(CancellationToken.None);
        _commit.Dispose();
        _dispatcher.Dispose();
    }

    [Fact]
    public async Task What_piled_up_during_a_commit_is_one_commit()
    {
        await StartAsync();
        var gate = CloseGate();
        await EnqueueAsync(Send(Ann, AnnAndBob, "0"));
        Assert.Equal(1, await _log.Appending.ReadAsync(Cancel));
        for (var i = 1; i <= 20; i++) await EnqueueAsync(Send(Ann, AnnAndBob, $"{i}"));
        gate.SetResult();
        await _reader.UntilSettledAsync(_tag);
        Assert.Equal(20, await _log.Appending.ReadAsync(Cancel));
        Assert.Equal(Enumerable.Range(0, 21).Select(i => $"{i}"), _log.Rows.Select(row => row.ClientId));
        Assert.Equal((1, 0), (_log.Loads, _log.Finds));
    }

    [Fact]
    public async Task A_commit_takes_no_more_than_its_limit_of_rows()
    {
        await StartAsync(new MessageOptions { MaxCommitRows = 10 });
        var gate = CloseGate();
        await EnqueueAsync(Send(Ann, AnnAndBob, "0"));
        await _log.Appending.ReadAsync(Cancel);
        for (var i = 1; i <= 8; i++) await EnqueueAsync(Send(Ann, AnnAndBob, $"{i}a"), Send(Ann, AnnAndBob, $"{i}b"), Send(Ann, AnnAndBob, $"{i}c"));
        gate.SetResult();
        await _reader.UntilSettledAsync(_tag);
        Assert.Equal((12, 12), (await _log.Appending.ReadAsync(Cancel), await _log.Appending.ReadAsync(Cancel)));
    }

    [Theory]
    [InlineData(Fault.BeforeStoring)]
    [InlineData(Fault.AfterStoring)]
    [InlineData(Fault.Taken)]
    [InlineData(Fault.WhileReading)]
    public async Task After_a_fault_the_log_is_asked_and_nothing_is_lost_or_doubled(Fault fault)
    {
        var faults = new Queue<Fault>([fault, fault, fault, fault]);
        _log.Next = () => faults.TryDequeue(out var next) ? next : Fault.None;
        await StartAsync();
        await EnqueueAsync(Send(Ann, AnnAndBob, "a"), Send(Bob, AnnAndBob, "b"));
        await _reader.UntilSettledAsync(_tag);
        Assert.Equal(["a", "b"], _log.Rows.Select(row => row.ClientId));
        Assert.Equal([1, 2], _log.Rows.Select(row => row.Seq));
        Assert.True(_log.Finds > 0);
        Assert.True(_dependencies.IsUp(Dependency.Database));
        // What was stored while its answer was lost is found to be there: counted once, as a repeat.
        Assert.Equal(fault == Fault.AfterStoring ? (0, 2) : (2, 0), (_ledger.Figures.Accepted, _ledger.Figures.Repeats));
    }

    [Fact]
    public async Task A_database_that_is_away_is_reported()
    {
        var wasReported = false;
        _log.Next = () =>
        {
            if (wasReported) return Fault.None;
            wasReported = _dependencies.Missing.Contains(Dependency.Database);
            return Fault.BeforeStoring;
        };
        await StartAsync();
        await EnqueueAsync(Send(Ann, AnnAndBob, "a"));
        await _reader.UntilSettledAsync(_tag);
        Assert.True(wasReported);
        Assert.True(_dependencies.IsUp(Dependency.Database));
    }

    [Fact]
    public async Task A_batch_that_came_before_gets_its_places_and_only_what_is_missing_is_stored()
    {
        _log.StoreFromElsewhere(RowOf(Send(Ann, AnnAndBob, "a"), 1));
        await StartAsync();
        await EnqueueAsync(redelivered: true, Send(Ann, AnnAndBob, "a"), Send(Ann, AnnAndBob, "b"));
        await _reader.UntilSettledAsync(_tag);
        Assert.Equal(1, _log.Finds);
        Assert.Equal(["a", "b"], _log.Rows.Select(row => row.ClientId));
        Assert.Equal([("a", 1, null)], AnswersSoFar());
    }

    [Fact]
    public async Task A_place_that_another_process_took_meanwhile_is_read_again()
    {
        await StartAsync();
        await EnqueueAsync(Send(Ann, AnnAndBob, "a"));
        await _reader.UntilSettledAsync(_tag);
        _log.StoreFromElsewhere(RowOf(Send(Bob, AnnAndBob, "elsewhere"), 2));
        await EnqueueAsync(Send(Ann, AnnAndBob, "b"));
        await _reader.UntilSettledAsync(_tag);
        Assert.Equal([("a", 1), ("elsewhere", 2), ("b", 3)], _log.Rows.Select(row => (row.ClientId, row.Seq)));
    }

    [Fact]
    public async Task A_block_that_another_process_stored_meanwhile_is_in_force_here()
    {
        await StartAsync();
        await EnqueueAsync(Send(Bob, AnnAndBob, "a"), Send(Cem, ConversationId.Direct(Cem, Dora), "b"));
        await _reader.UntilSettledAsync(_tag);
        _log.BlockFromElsewhere(AnnAndBob, PairBlocks.ByHigh);
        await EnqueueAsync(Send(Bob, AnnAndBob, "late"), Send(Cem, ConversationId.Direct(Cem, Dora), "c"));
        await _reader.UntilSettledAsync(_tag);
        Assert.Equal([("late", 0, Codes.Blocked)], AnswersSoFar());
        Assert.Equal(["a", "b", "c"], _log.Rows.Select(row => row.ClientId));
    }

    [Fact]
    public async Task A_block_that_another_process_took_away_meanwhile_is_gone_here()
    {
        await StartAsync();
        await EnqueueAsync(Block(Ann, Bob), Send(Bob, AnnAndBob, "early"));
        await _reader.UntilSettledAsync(_tag);
        _log.BlockFromElsewhere(AnnAndBob, PairBlocks.None);
        await EnqueueAsync(Send(Bob, AnnAndBob, "a"), Block(Ann, Bob, "again"), Send(Bob, AnnAndBob, "late"));
        await _reader.UntilSettledAsync(_tag);
        Assert.Equal([("block:11:12", 0, null), ("early", 0, Codes.Blocked), ("again", 1, null), ("late", 0, Codes.Blocked)], AnswersSoFar());
        Assert.Equal("a", Assert.Single(_log.Rows).ClientId);
    }

    [Fact]
    public async Task An_owner_that_blocked_goes_on_from_what_it_remembers()
    {
        await StartAsync();
        await EnqueueAsync(Send(Bob, AnnAndBob, "a"));
        await EnqueueAsync(Block(Ann, Bob), Unblock(Ann, Bob), Send(Bob, AnnAndBob, "b"));
        await EnqueueAsync(Send(Bob, AnnAndBob, "c"));
        await _reader.UntilSettledAsync(_tag);
        Assert.Equal([1, 2, 3], _log.Rows.Select(row => row.Seq));
        Assert.Equal((1, 0), (_log.Loads, _log.Finds));
    }

    [Fact]
    public async Task A_repeat_is_recognized_without_asking_the_log()
    {
        await StartAsync();
        await EnqueueAsync(Send(Ann, AnnAndBob, "a"));
        await EnqueueAsync(Send(Ann, AnnAndBob, "a"), Send(Ann, AnnAndBob, "a", "other"));
        await _reader.UntilSettledAsync(_tag);
        Assert.Equal([("a", 1, null), ("a", 0, Codes.IdReuse)], AnswersSoFar());
        Assert.Equal((1, 0), (_log.Rows.Count, _log.Finds));
    }

    [Fact]
    public async Task A_repeat_that_memory_does_not_know_is_answered_though_its_sender_could_no_longer_send()
    {
        var send = Send(Ann, ConversationId.Group(77), "a");
        _log.StoreFromElsewhere(RowOf(send, 1));
        await StartAsync();
        await EnqueueAsync(send);
        await _reader.UntilSettledAsync(_tag);
        Assert.Equal([("a", 1, null)], AnswersSoFar());
    }

    [Fact]
    public async Task More_repeats_than_are_remembered_are_still_recognized()
    {
        var pile = Enumerable.Range(0, 50).Select(i => Send(Ann, AnnAndBob, $"{i}")).ToArray();
        for (var i = 0; i < 50; i++) _log.StoreFromElsewhere(RowOf(pile[i], i + 1));
        await StartAsync(new MessageOptions { RememberedSends = 5 });
        await EnqueueAsync(redelivered: true, pile);
        await _reader.UntilSettledAsync(_tag);
        Assert.Equal(Enumerable.Range(0, 50).Select(i => ($"{i}", i + 1L, (string?)null)), AnswersSoFar());
        Assert.Equal(50, _log.Rows.Count);
    }

    [Fact]
    public async Task More_users_than_are_remembered_are_still_known()
    {
        await StartAsync(new MessageOptions { RememberedConversations = 5 });
        await EnqueueAsync(Create(Ann, Team, "T", [.. Enumerable.Range(200, 50).Select(user => (long)user)]));
        await _reader.UntilSettledAsync(_tag);
        Assert.Equal(Team, Assert.Single(_log.Rows).Conversation);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(4)]
    [InlineData(9)]
    public async Task What_can_never_be_stored_is_refused_alone(int poison)
    {
        _log.IsPoison = row => row.ClientId == $"{poison}";
        await StartAsync();
        await EnqueueAsync([.. Enumerable.Range(0, 10).Select(i => Send(Ann, AnnAndBob, $"{i}"))]);
        await EnqueueAsync(Send(Bob, AnnAndBob, "next"));
        await _reader.UntilSettledAsync(_tag);
        Assert.Equal(Enumerable.Range(0, 10).Where(i => i != poison).Select(i => $"{i}").Append("next"), _log.Rows.Select(row => row.ClientId));
        Assert.Equal(Enumerable.Range(1, 10).Select(seq => (long)seq), _log.Rows.Select(row => row.Seq));
        Assert.Equal([($"{poison}", 0, Codes.BadText)], AnswersSoFar());
    }

    [Fact]
    public async Task Batches_of_a_shard_that_was_handed_over_are_left_to_its_next_owner()
    {
        var closed = new ReaderDouble(1) { IsClosed = true };
        await StartAsync();
        await _commit!.EnqueueAsync(new PendingBatch(closed, 1, false, [Send(Ann, AnnAndBob, "not here")], 100, 0), Cancel);
        await EnqueueAsync(Send(Ann, AnnAndBob, "here"));
        await _reader.UntilSettledAsync(_tag);
        Assert.Equal("here", Assert.Single(_log.Rows).ClientId);
        Assert.Empty(closed.Settled);
    }

    [Fact]
    public async Task What_belongs_to_a_shard_that_was_handed_over_while_its_commit_failed_is_left_to_the_next_owner()
    {
        var former = new ReaderDouble(1);
        await StartAsync();
        var gate = CloseGate();
        Pending[] items = [Unblock(Ann, Bob) with { Reader = former }, Send(Ann, AnnAndBob, "not here") with { Reader = former }];
        await _commit!.EnqueueAsync(new PendingBatch(former, 1, false, items, 100, 0), Cancel);
        await _log.Appending.ReadAsync(Cancel);
        var faults = new Queue<Fault>([Fault.BeforeStoring]);
        _log.Next = () => faults.TryDequeue(out var next) ? next : Fault.None;
        former.IsClosed = true;
        gate.SetResult();
        await EnqueueAsync(Send(Bob, AnnAndBob, "here"));
        await _reader.UntilSettledAsync(_tag);
        Assert.Equal("here", Assert.Single(_log.Rows).ClientId);
        Assert.Empty(AnswersSoFar());
    }

    [Fact]
    public async Task What_was_stored_unseen_is_not_refused_for_what_came_after_it()
    {
        var send = Send(Bob, AnnAndBob, "stored");
        var asked = 0;
        _log.Next = () =>
        {
            // The first append ends for us without an answer; its commit becomes visible when the states are read again, and with it a later block.
            if (++asked == 2) return Fault.BeforeStoring;
            if (asked != 3) return Fault.None;
            _log.StoreFromElsewhere(RowOf(send, 1));
            _log.BlockFromElsewhere(AnnAndBob, PairBlocks.ByLow);
            return Fault.None;
        };
        await StartAsync();
        await EnqueueAsync(send);
        await _reader.UntilSettledAsync(_tag);
        Assert.Equal([("stored", 1, null)], AnswersSoFar());
    }

    [Fact]
    public async Task What_was_taken_before_a_stop_is_stored_and_handed_over()
    {
        await StartAsync();
        var gate = CloseGate();
        await EnqueueAsync(Send(Ann, AnnAndBob, "a"));
        await _log.Appending.ReadAsync(Cancel);
        await EnqueueAsync(Send(Ann, AnnAndBob, "b"));
        var stopping = _commit!.StopAsync(Cancel);
        gate.SetResult();
        await stopping;
        await _dispatcher!.StopAsync(Cancel);
        Assert.Equal(["a", "b"], _log.Rows.Select(row => row.ClientId));
        Assert.Equal(_tag, _reader.Settled.Max());
    }

    [Fact]
    public async Task After_a_hand_over_nothing_remembered_counts()
    {
        await StartAsync();
        await EnqueueAsync(Send(Ann, AnnAndBob, "a"));
        await _reader.UntilSettledAsync(_tag);
        _commit!.ForgetConversations();
        await EnqueueAsync(Send(Ann, AnnAndBob, "b"));
        await _reader.UntilSettledAsync(_tag);
        Assert.Equal(2, _log.Loads);
    }

    [Fact]
    public async Task An_empty_batch_is_settled_in_its_turn()
    {
        await StartAsync();
        await EnqueueAsync(redelivered: true);
        await _reader.UntilSettledAsync(_tag);
        Assert.Empty(_log.Rows);
    }

    [Fact]
    public async Task A_writer_that_is_a_thousand_batches_behind_holds_the_lane_back()
    {
        await StartAsync();
        var gate = CloseGate();
        await EnqueueAsync(Send(Ann, AnnAndBob, "first"));
        await _log.Appending.ReadAsync(Cancel);
        for (var i = 0; i < 1024; i++) await EnqueueAsync(Send(Ann, AnnAndBob, $"{i}"));
        var held = EnqueueAsync(Send(Ann, AnnAndBob, "held back"));
        Assert.False(held.IsCompleted);
        gate.SetResult();
        await held;
        await _reader.UntilSettledAsync(_tag);
        Assert.Equal(1026, _log.Rows.Count);
    }

    public static TheoryData<int> Seeds => [.. Enumerable.Range(1, 20)];

    [Theory]
    [MemberData(nameof(Seeds))]
    public async Task Whatever_fails_every_message_exists_once_in_the_order_of_its_batches(int seed)
    {
        var random = new Random(seed);
        var faulty = true;
        _log.Next = () => faulty && random.Next(4) == 0 ? (Fault)random.Next(5) : Fault.None;
        _log.IsPoison = row => row.ClientId.EndsWith('3');
        await StartAsync(new MessageOptions { MaxCommitRows = 30, RememberedConversations = 3, RememberedSends = 10 });
        ConversationId[] conversations = [AnnAndBob, ConversationId.Direct(Ann, Cem), ConversationId.Direct(Ann, Dora), ConversationId.Direct(Ann, Ann)];
        var batches = Enumerable.Range(0, 60).Select(batch => Enumerable.Range(0, random.Next(1, 12))
            .Select(i => Send(Ann, conversations[random.Next(4)], $"{batch}-{i}")).ToArray()).ToArray();
        for (var i = 0; i < batches.Length; i++)
        {
            await EnqueueAsync(batches[i]);
            if (random.Next(5) == 0) await EnqueueAsync(redelivered: true, batches[random.Next(i + 1)]);
            if (random.Next(10) == 0) _commit!.ForgetConversations();
        }

        await _reader.UntilSettledAsync(_tag);
        faulty = false;
        var good = batches.SelectMany(batch => batch).Where(one => !one.Submission.ClientId.EndsWith('3')).ToArray();
        foreach (var conversation in conversations)
        {
            var rows = _log.Rows.Where(row => row.Conversation == conversation).ToArray();
            Assert.Equal(Enumerable.Range(1, rows.Length).Select(seq => (long)seq), rows.Select(row => row.Seq));
            Assert.Equal(good.Where(one => one.Submission.Conversation == conversation).Select(one => one.Submission.ClientId), rows.Select(row => row.ClientId));
        }
    }

    private async Task StartAsync(MessageOptions? options = null)
    {
        var time = new ImpatientTime();
        _dispatcher = new Dispatcher(_lanes, new MemoryRouteTable(time), Unheard.Metrics, time, NullLogger<Dispatcher>.Instance);
        _commit = new GroupCommit(
            _log, _dispatcher, Options.Create(options ?? new MessageOptions()), Options.Create(new ImOptions()), _dependencies, Unheard.Metrics, _ledger, time, NullLogger<GroupCommit>.Instance);
        await _dispatcher.StartAsync(Cancel);
        await _commit.StartAsync(Cancel);
    }

    private TaskCompletionSource CloseGate()
    {
        var gate = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _log.Gate = gate.Task;
        return gate;
    }

    private Task EnqueueAsync(params Pending[] items) => EnqueueAsync(redelivered: false, items);

    private Task EnqueueAsync(bool redelivered, params Pending[] items) =>
        _commit!.EnqueueAsync(new PendingBatch(_reader, ++_tag, redelivered, items, 100 * items.Length, 0), Cancel).AsTask();

    /// <summary>Answers without a new message, in the order in which they were handed over.</summary>
    private List<(string Id, long Seq, string? Code)> AnswersSoFar()
    {
        while (_lanes.HandedOver.TryRead(out var handedOver)) _answers.AddRange(handedOver.Envelope.Answers);
        return _answers.ConvertAll(answer => (answer.ClientId, answer.Seq, answer.Code));
    }

    private static LogRow RowOf(Pending pending, long seq) => new(
        pending.Submission.Conversation, seq, pending.Submission.Sender, pending.Submission.ClientId, pending.Key.ClientKey, pending.Submission.Type, pending.Submission.Body, 1);
}
