using Im.Contracts;
using Im.Hosting.Health;
using Im.Protocol;
using static Im.Message.Tests.Asked;

namespace Im.Message.Tests.Commit;

/// <summary>The one writer: whatever its log does, each submission is decided once, in order, and answered.</summary>
public sealed class GroupCommitTests : GroupCommitTest
{
    [Fact]
    public async Task What_piled_up_during_a_commit_is_one_commit()
    {
        await StartAsync();
        var gate = CloseGate();
        await EnqueueAsync(Send(Ann, AnnAndBob, "0"));
        Assert.Equal(1, await Log.Appending.ReadAsync(Cancel));
        for (var i = 1; i <= 20; i++) await EnqueueAsync(Send(Ann, AnnAndBob, $"{i}"));
        gate.SetResult();
        await Reader.UntilSettledAsync(LastTag);
        Assert.Equal(20, await Log.Appending.ReadAsync(Cancel));
        Assert.Equal(Enumerable.Range(0, 21).Select(i => $"{i}"), Log.Rows.Select(row => row.ClientId));
        Assert.Equal((1, 0), (Log.Loads, Log.Finds));
    }

    [Fact]
    public async Task A_commit_takes_no_more_than_its_limit_of_rows()
    {
        await StartAsync(new MessageOptions { MaxCommitRows = 10 });
        var gate = CloseGate();
        await EnqueueAsync(Send(Ann, AnnAndBob, "0"));
        await Log.Appending.ReadAsync(Cancel);
        for (var i = 1; i <= 8; i++) await EnqueueAsync(Send(Ann, AnnAndBob, $"{i}a"), Send(Ann, AnnAndBob, $"{i}b"), Send(Ann, AnnAndBob, $"{i}c"));
        gate.SetResult();
        await Reader.UntilSettledAsync(LastTag);
        Assert.Equal((12, 12), (await Log.Appending.ReadAsync(Cancel), await Log.Appending.ReadAsync(Cancel)));
    }

    [Theory]
    [InlineData(Fault.BeforeStoring)]
    [InlineData(Fault.AfterStoring)]
    [InlineData(Fault.Taken)]
    [InlineData(Fault.WhileReading)]
    public async Task After_a_fault_the_log_is_asked_and_nothing_is_lost_or_doubled(Fault fault)
    {
        var faults = new Queue<Fault>([fault, fault, fault, fault]);
        Log.Next = () => faults.TryDequeue(out var next) ? next : Fault.None;
        await StartAsync();
        await EnqueueAsync(Send(Ann, AnnAndBob, "a"), Send(Bob, AnnAndBob, "b"));
        await Reader.UntilSettledAsync(LastTag);
        Assert.Equal(["a", "b"], Log.Rows.Select(row => row.ClientId));
        Assert.Equal([1, 2], Log.Rows.Select(row => row.Seq));
        Assert.True(Log.Finds > 0);
        Assert.True(Dependencies.IsUp(Dependency.Database));
        // What was stored while its answer was lost is found to be there: counted once, as a repeat.
        Assert.Equal(fault == Fault.AfterStoring ? (0, 2) : (2, 0), (Ledger.Figures.Accepted, Ledger.Figures.Repeats));
    }

    [Fact]
    public async Task A_database_that_is_away_is_reported()
    {
        var wasReported = false;
        Log.Next = () =>
        {
            if (wasReported) return Fault.None;
            wasReported = Dependencies.Missing.Contains(Dependency.Database);
            return Fault.BeforeStoring;
        };
        await StartAsync();
        await EnqueueAsync(Send(Ann, AnnAndBob, "a"));
        await Reader.UntilSettledAsync(LastTag);
        Assert.True(wasReported);
        Assert.True(Dependencies.IsUp(Dependency.Database));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(4)]
    [InlineData(9)]
    public async Task What_can_never_be_stored_is_refused_alone(int poison)
    {
        Log.IsPoison = row => row.ClientId == $"{poison}";
        await StartAsync();
        await EnqueueAsync([.. Enumerable.Range(0, 10).Select(i => Send(Ann, AnnAndBob, $"{i}"))]);
        await EnqueueAsync(Send(Bob, AnnAndBob, "next"));
        await Reader.UntilSettledAsync(LastTag);
        Assert.Equal(Enumerable.Range(0, 10).Where(i => i != poison).Select(i => $"{i}").Append("next"), Log.Rows.Select(row => row.ClientId));
        Assert.Equal(Enumerable.Range(1, 10).Select(seq => (long)seq), Log.Rows.Select(row => row.Seq));
        Assert.Equal([($"{poison}", 0, Codes.BadText)], AnswersSoFar());
    }

    [Fact]
    public async Task What_was_taken_before_a_stop_is_stored_and_handed_over()
    {
        await StartAsync();
        var gate = CloseGate();
        await EnqueueAsync(Send(Ann, AnnAndBob, "a"));
        await Log.Appending.ReadAsync(Cancel);
        await EnqueueAsync(Send(Ann, AnnAndBob, "b"));
        var stopping = Writer.StopAsync(Cancel);
        gate.SetResult();
        await stopping;
        await Dispatcher.StopAsync(Cancel);
        Assert.Equal(["a", "b"], Log.Rows.Select(row => row.ClientId));
        Assert.Equal(LastTag, Reader.Settled.Max());
    }

    [Fact]
    public async Task An_empty_batch_is_settled_in_its_turn()
    {
        await StartAsync();
        await EnqueueAsync(redelivered: true);
        await Reader.UntilSettledAsync(LastTag);
        Assert.Empty(Log.Rows);
    }

    [Fact]
    public async Task A_writer_that_is_a_thousand_batches_behind_holds_the_lane_back()
    {
        await StartAsync();
        var gate = CloseGate();
        await EnqueueAsync(Send(Ann, AnnAndBob, "first"));
        await Log.Appending.ReadAsync(Cancel);
        for (var i = 0; i < 1024; i++) await EnqueueAsync(Send(Ann, AnnAndBob, $"{i}"));
        var held = EnqueueAsync(Send(Ann, AnnAndBob, "held back"));
        Assert.False(held.IsCompleted);
        gate.SetResult();
        await held;
        await Reader.UntilSettledAsync(LastTag);
        Assert.Equal(1026, Log.Rows.Count);
    }

    public static TheoryData<int> Seeds => [.. Enumerable.Range(1, 20)];

    [Theory]
    [MemberData(nameof(Seeds))]
    public async Task Whatever_fails_every_message_exists_once_in_the_order_of_its_batches(int seed)
    {
        var random = new Random(seed);
        var faulty = true;
        Log.Next = () => faulty && random.Next(4) == 0 ? (Fault)random.Next(5) : Fault.None;
        Log.IsPoison = row => row.ClientId.EndsWith('3');
        await StartAsync(new MessageOptions { MaxCommitRows = 30, RememberedConversations = 3, RememberedSends = 10 });
        ConversationId[] conversations = [AnnAndBob, ConversationId.Direct(Ann, Cem), ConversationId.Direct(Ann, Dora), ConversationId.Direct(Ann, Ann)];
        var batches = Enumerable.Range(0, 60).Select(batch => Enumerable.Range(0, random.Next(1, 12))
            .Select(i => Send(Ann, conversations[random.Next(4)], $"{batch}-{i}")).ToArray()).ToArray();
        for (var i = 0; i < batches.Length; i++)
        {
            await EnqueueAsync(batches[i]);
            if (random.Next(5) == 0) await EnqueueAsync(redelivered: true, batches[random.Next(i + 1)]);
            if (random.Next(10) == 0) Writer.ForgetConversations();
        }

        await Reader.UntilSettledAsync(LastTag);
        faulty = false;
        var good = batches.SelectMany(batch => batch).Where(one => !one.Submission.ClientId.EndsWith('3')).ToArray();
        foreach (var conversation in conversations)
        {
            var rows = Log.Rows.Where(row => row.Conversation == conversation).ToArray();
            Assert.Equal(Enumerable.Range(1, rows.Length).Select(seq => (long)seq), rows.Select(row => row.Seq));
            Assert.Equal(good.Where(one => one.Submission.Conversation == conversation).Select(one => one.Submission.ClientId), rows.Select(row => row.ClientId));
        }
    }
}
