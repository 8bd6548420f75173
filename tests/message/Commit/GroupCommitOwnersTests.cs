using Im.Contracts;
using Im.Message.Commit;
using Im.Protocol;
using static Im.Message.Tests.Asked;

namespace Im.Message.Tests.Commit;

/// <summary>A shard has one owner after the other: what another one stored counts here, and what belongs to the next one is left to it.</summary>
public sealed class GroupCommitOwnersTests : GroupCommitTest
{
    [Fact]
    public async Task A_place_that_another_process_took_meanwhile_is_read_again()
    {
        await StartAsync();
        await EnqueueAsync(Send(Ann, AnnAndBob, "a"));
        await Reader.UntilSettledAsync(LastTag);
        Log.StoreFromElsewhere(RowOf(Send(Bob, AnnAndBob, "elsewhere"), 2));
        await EnqueueAsync(Send(Ann, AnnAndBob, "b"));
        await Reader.UntilSettledAsync(LastTag);
        Assert.Equal([("a", 1), ("elsewhere", 2), ("b", 3)], Log.Rows.Select(row => (row.ClientId, row.Seq)));
    }

    [Fact]
    public async Task A_block_that_another_process_stored_meanwhile_is_in_force_here()
    {
        await StartAsync();
        await EnqueueAsync(Send(Bob, AnnAndBob, "a"), Send(Cem, ConversationId.Direct(Cem, Dora), "b"));
        await Reader.UntilSettledAsync(LastTag);
        Log.BlockFromElsewhere(AnnAndBob, PairBlocks.ByHigh);
        await EnqueueAsync(Send(Bob, AnnAndBob, "late"), Send(Cem, ConversationId.Direct(Cem, Dora), "c"));
        await Reader.UntilSettledAsync(LastTag);
        Assert.Equal([("late", 0, Codes.Blocked)], AnswersSoFar());
        Assert.Equal(["a", "b", "c"], Log.Rows.Select(row => row.ClientId));
    }

    [Fact]
    public async Task A_block_that_another_process_took_away_meanwhile_is_gone_here()
    {
        await StartAsync();
        await EnqueueAsync(Block(Ann, Bob), Send(Bob, AnnAndBob, "early"));
        await Reader.UntilSettledAsync(LastTag);
        Log.BlockFromElsewhere(AnnAndBob, PairBlocks.None);
        await EnqueueAsync(Send(Bob, AnnAndBob, "a"), Block(Ann, Bob, "again"), Send(Bob, AnnAndBob, "late"));
        await Reader.UntilSettledAsync(LastTag);
        Assert.Equal([("block:11:12", 0, null), ("early", 0, Codes.Blocked), ("again", 1, null), ("late", 0, Codes.Blocked)], AnswersSoFar());
        Assert.Equal("a", Assert.Single(Log.Rows).ClientId);
    }

    [Fact]
    public async Task Batches_of_a_shard_that_was_handed_over_are_left_to_its_next_owner()
    {
        var closed = new ReaderDouble(1) { IsClosed = true };
        await StartAsync();
        await Writer.EnqueueAsync(new PendingBatch(closed, 1, false, [Send(Ann, AnnAndBob, "not here")], 100, 0), Cancel);
        await EnqueueAsync(Send(Ann, AnnAndBob, "here"));
        await Reader.UntilSettledAsync(LastTag);
        Assert.Equal("here", Assert.Single(Log.Rows).ClientId);
        Assert.Empty(closed.Settled);
    }

    [Fact]
    public async Task What_belongs_to_a_shard_that_was_handed_over_while_its_commit_failed_is_left_to_the_next_owner()
    {
        var former = new ReaderDouble(1);
        await StartAsync();
        var gate = CloseGate();
        Pending[] items = [Unblock(Ann, Bob) with { Reader = former }, Send(Ann, AnnAndBob, "not here") with { Reader = former }];
        await Writer.EnqueueAsync(new PendingBatch(former, 1, false, items, 100, 0), Cancel);
        await Log.Appending.ReadAsync(Cancel);
        var faults = new Queue<Fault>([Fault.BeforeStoring]);
        Log.Next = () => faults.TryDequeue(out var next) ? next : Fault.None;
        former.IsClosed = true;
        gate.SetResult();
        await EnqueueAsync(Send(Bob, AnnAndBob, "here"));
        await Reader.UntilSettledAsync(LastTag);
        Assert.Equal("here", Assert.Single(Log.Rows).ClientId);
        Assert.Empty(AnswersSoFar());
    }

    [Fact]
    public async Task What_was_stored_unseen_is_not_refused_for_what_came_after_it()
    {
        var send = Send(Bob, AnnAndBob, "stored");
        var asked = 0;
        Log.Next = () =>
        {
            // The first append ends for us without an answer; its commit becomes visible when the states are read again, and with it a later block.
            if (++asked == 2) return Fault.BeforeStoring;
            if (asked != 3) return Fault.None;
            Log.StoreFromElsewhere(RowOf(send, 1));
            Log.BlockFromElsewhere(AnnAndBob, PairBlocks.ByLow);
            return Fault.None;
        };
        await StartAsync();
        await EnqueueAsync(send);
        await Reader.UntilSettledAsync(LastTag);
        Assert.Equal([("stored", 1, null)], AnswersSoFar());
    }
}
