using System.Threading.Channels;
using Im.Hosting;
using Im.Hosting.Health;
using Im.Hosting.Nodes;
using Im.Hosting.Telemetry;
using Im.Message.Delivery;
using Im.Message.Log;
using Im.Protocol;
using Microsoft.Extensions.Options;

namespace Im.Message.Commit;

/// <summary>
/// The one writer of this process: everything that piled up from all its shards while the last commit was under way goes into the next one. No timer, so
/// nothing waits at low load; one at a time, so no conversation is ever in two statements at once.
/// </summary>
/// <remarks>
/// A commit that fails is repeated in place until it succeeds, from freshly read states: its batches stay with the broker meanwhile and nobody overtakes
/// them. Batches that came before (redelivered) are looked up in the log first. What came through the queue of a shard that was handed over meanwhile is dropped
/// before each repeat: its next owner has it too, and may have decided more since.
/// </remarks>
public sealed partial class GroupCommit(
    IMessageLog messages,
    Dispatcher dispatcher,
    IOptions<MessageOptions> options,
    IOptions<ImOptions> system,
    Dependencies dependencies,
    ImMetrics metrics,
    NodeLedger ledger,
    TimeProvider time,
    ILogger<GroupCommit> log)
    : BackgroundService
{
    /// <summary>Who brings a batch begins its commit himself where the writer is idle: of the thread switches that a lone message costs this service, a third went to hand-overs like this one.</summary>
    private readonly Channel<PendingBatch> _incoming = Channel.CreateBounded<PendingBatch>(new BoundedChannelOptions(1024) { SingleReader = true, AllowSynchronousContinuations = true });
    private readonly ConversationMemory _conversations = new(options.Value.RememberedConversations);
    private readonly BoundedMemory<SendKey, Placed> _sends = new(options.Value.RememberedSends);
    private readonly BoundedMemory<long, bool> _users = new(options.Value.RememberedConversations);
    private volatile bool _ownershipChanged;

    /// <summary>At a stop, for what was taken to be stored and handed over; a database that is away longer leaves it to the next owner.</summary>
    internal static readonly TimeSpan DrainLimit = TimeSpan.FromSeconds(5);

    /// <summary>Batches that wait for the next commit.</summary>
    public int Waiting => _incoming.Reader.Count;

    /// <summary>Waits while the writer is a thousand batches behind: that holds the lane back, and the lane its publishers.</summary>
    public ValueTask EnqueueAsync(PendingBatch batch, CancellationToken cancel) => _incoming.Writer.WriteAsync(batch, cancel);

    /// <summary>
    /// To be called before a shard is read: another process may have been its owner since, so nothing remembered counts. (It would be found out by the
    /// keys and revisions, one careful path after the other.)
    /// </summary>
    public void ForgetConversations() => _ownershipChanged = true;

    /// <summary>Finishes what it took: were it dropped between commit and dispatch, who is online would get it by reconciliation only.</summary>
    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        _incoming.Writer.TryComplete();
        if (ExecuteTask is { } running)
            await running.WaitAsync(DrainLimit, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await base.StopAsync(cancellationToken);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var batches = new List<PendingBatch>();
        while (await _incoming.Reader.WaitToReadAsync(stoppingToken))
        {
            Collect(batches);
            if (batches.Count == 0) continue;
            var began = time.GetTimestamp();
            metrics.CommitBegins(time.GetElapsedTime(batches[0].Came, began));
            var spans = CommitSpans.Start(batches, out var pile);
            var committing = CommitAsync(pile, batches.Exists(batch => batch.Redelivered), stoppingToken);
            // This may be the stack of who brought the batch: a store that never waits would keep it here, for all that others bring.
            if (committing.IsCompleted) await Task.Yield();
            var outcomes = await committing;
            spans?.End();
            var stored = time.GetTimestamp();
            metrics.Committed(pile.Count, time.GetElapsedTime(began, stored));
            await dispatcher.EnqueueAsync(new Committed(outcomes, [.. batches], stored), stoppingToken);
            batches.Clear();
        }
    }

    private void Collect(List<PendingBatch> batches)
    {
        var (rows, bytes) = (0, 0);
        while (rows < options.Value.MaxCommitRows && bytes < options.Value.MaxCommitBytes && _incoming.Reader.TryRead(out var batch))
        {
            // Handed over meanwhile: the next owner has these again.
            if (batch.Reader.IsClosed) continue;
            batches.Add(batch);
            rows += batch.Items.Count;
            bytes += batch.Bytes;
        }
    }

    /// <summary>Returns when all of the pile is decided and stored.</summary>
    private async Task<IReadOnlyList<Outcome>> CommitAsync(IReadOnlyList<Pending> pile, bool careful, CancellationToken cancel)
    {
        var wait = TimeSpan.FromMilliseconds(50);
        while (true)
        {
            // Handed over while this commit was tried.
            if (careful) pile = [.. pile.Where(pending => pending.Reader is not { IsClosed: true })];
            try
            {
                var plan = CommitPlan.Of(pile, await GatherAsync(pile, careful, cancel));
                if (!careful && plan.IsUnguarded)
                {
                    // Never from memory: what is refused may be a repeat of what was accepted long ago.
                    careful = true;
                    continue;
                }

                if (plan.IsEmpty || await messages.AppendAsync(plan, cancel))
                {
                    Remember(plan);
                    ledger.Committed(plan.Rows.Count, plan.Repeats);
                    metrics.Repeated(plan.Repeats);
                    dependencies.Report(Dependency.Database, true);
                    return plan.Outcomes;
                }

                LogTaken(pile.Count);
                careful = true;
                Forget(pile);
            }
            catch (UnstorableException fault)
            {
                return await SeparateAsync(pile, fault, cancel);
            }
            catch (Exception fault) when (fault is not OperationCanceledException || !cancel.IsCancellationRequested)
            {
                // Stored or not? The log will tell.
                careful = true;
                Forget(pile);
                dependencies.Report(Dependency.Database, false, fault.Message);
                await Task.Delay(wait, time, cancel);
                wait = TimeSpan.FromMilliseconds(Math.Min(wait.TotalMilliseconds * 2, 1000));
            }
        }
    }

    /// <summary>Something in the pile can never be stored: halves it until that one stands alone and is refused.</summary>
    private async Task<IReadOnlyList<Outcome>> SeparateAsync(IReadOnlyList<Pending> pile, UnstorableException fault, CancellationToken cancel)
    {
        Forget(pile);
        if (pile.Count == 1)
        {
            LogUnstorable(fault.Message);
            return [new Outcome(pile[0], null, MemberList.Empty, 0, 0, Codes.BadText)];
        }

        var half = pile.Count / 2;
        var first = await CommitAsync([.. pile.Take(half)], careful: true, cancel);
        var second = await CommitAsync([.. pile.Skip(half)], careful: true, cancel);
        return [.. first, .. second];
    }

    private void Forget(IReadOnlyList<Pending> pile)
    {
        foreach (var pending in pile) _conversations.Forget(pending.Submission.Conversation);
    }

    [LoggerMessage(EventId = 1, Level = LogLevel.Information, Message = "a place or an id was taken, or a shard changed, meanwhile: {Count} submissions decided again")]
    private partial void LogTaken(int count);

    [LoggerMessage(EventId = 2, Level = LogLevel.Error, Message = "the database refuses the values of a submission: {Reason}")]
    private partial void LogUnstorable(string reason);
}
