using System.Data.Common;
using System.Net.Sockets;
using Im.Hosting.Nodes;
using Im.Hosting.Storage;
using Im.Hosting.Telemetry;
using Microsoft.Extensions.Options;

namespace Im.Message.Audit;

/// <summary>
/// Walks the whole log again and again, a slice at a time, and tells of what is missing: the promise is kept by the log, so somebody has to look at it. One of the
/// message services does, by a lease in the database; where it dies, another goes on at its last slice.
/// </summary>
public sealed partial class LogCheck(
    LogCheckStore store, StorageState storage, IOptions<MessageOptions> options, ImMetrics metrics, TimeProvider time, ILogger<LogCheck> log) : BackgroundService
{
    /// <summary>Rows of the log, or members, in one slice: some milliseconds.</summary>
    private const int SliceMessages = 5_000;
    private const int SliceMembers = 1_000;

    /// <summary>For one slice, in which another process may have frozen.</summary>
    private static readonly TimeSpan Lease = TimeSpan.FromSeconds(15);

    /// <summary>Between two looks while there is nothing to do; several fit into the lease.</summary>
    private static readonly TimeSpan Idle = TimeSpan.FromSeconds(5);

    /// <summary>After each slice a rest of so many times its length: the check must not be felt.</summary>
    private const int RestFactor = 20;
    private static readonly TimeSpan ShortestRest = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan LongestRest = TimeSpan.FromSeconds(2);

    private long _gaps;

    /// <summary>Known gaps; 0 where another process checks.</summary>
    public long Gaps => Interlocked.Read(ref _gaps);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await storage.Ready.WaitAsync(stoppingToken);
        while (true)
        {
            var rest = Idle;
            try
            {
                rest = await StepAsync(stoppingToken);
            }
            catch (Exception fault) when (fault is DbException { IsTransient: true } or TimeoutException or SocketException)
            {
                // That the database is away was said by the board. The slice is done again: nothing of it was stored.
                LogPutOff(fault.Message);
            }
            catch (Exception fault) when (fault is not OperationCanceledException || !stoppingToken.IsCancellationRequested)
            {
                // It must not end the check for good, nor the process.
                LogSliceFailed(fault);
            }

            await Task.Delay(rest, time, stoppingToken);
        }
    }

    /// <summary>One slice, where it is this process's turn. Answers with the time until the next look.</summary>
    internal async Task<TimeSpan> StepAsync(CancellationToken cancel)
    {
        var began = time.GetTimestamp();
        if (await store.TakeAsync(Lease, cancel) is not { } taken)
        {
            Interlocked.Exchange(ref _gaps, 0);
            return Idle;
        }

        var (walk, now) = taken;
        if (walk.Phase == WalkPhase.Done)
        {
            if (now < walk.RestUntil) return TimeSpan.FromMilliseconds(Math.Min(walk.RestUntil - now, Idle.TotalMilliseconds));
            walk = walk.Begin(now);
        }

        var found = new List<LogGap>();
        var after = walk.Phase == WalkPhase.Messages ? await WalkMessagesAsync(walk, found, cancel) : await WalkMembersAsync(walk, found, cancel);
        var report = after.Phase == WalkPhase.Done ? ReportOf(after, now) : null;
        if (report is not null) after = after.End(now + options.Value.LogCheckSeconds * 1000L);
        if (await store.StoreAsync(after, found, report, cancel) is not { } fresh) return Idle;
        foreach (var gap in fresh) LogGapFound(gap.Conversation.ToString(), gap.Seq, gap.Until);
        if (report is not null || found.Count > 0) Interlocked.Exchange(ref _gaps, await store.CountGapsAsync(cancel));
        metrics.LogChecked(after.Count.Messages - walk.Count.Messages);
        return RestAfter(time.GetElapsedTime(began));
    }

    private async Task<LogWalkState> WalkMessagesAsync(LogWalkState walk, List<LogGap> found, CancellationToken cancel)
    {
        var page = await store.MessagesAsync(walk, SliceMessages, cancel);
        foreach (var (stretch, from) in LogWalk.Holed(walk.Conversation, walk.Last, page)) found.AddRange(await store.HolesAsync(stretch, from, cancel));
        if (page.Count > 0) walk = walk.At(page[^1].Conversation, page[^1].Last, LogWalk.Count(walk.Count, walk.Conversation, page));
        return page.Sum(stretch => stretch.Count) < SliceMessages ? walk.Turn() : walk;
    }

    private async Task<LogWalkState> WalkMembersAsync(LogWalkState walk, List<LogGap> found, CancellationToken cancel)
    {
        var page = await store.MembersAsync(walk, SliceMembers, cancel);
        found.AddRange(LogWalk.LostEnds(page));
        if (page.Count > 0) walk = walk.At(page[^1].Conversation, page[^1].User, LogWalk.Count(walk.Count, page));
        return page.Count < SliceMembers ? walk.End(0) : walk;
    }

    private static LogCheckReport ReportOf(LogWalkState walk, long now) => new(
        walk.Round, walk.StartedAt, now, walk.Count.Messages, walk.Count.Conversations, walk.Count.Due, walk.Count.Acknowledged);

    private static TimeSpan RestAfter(TimeSpan elapsed)
    {
        var rest = elapsed * RestFactor;
        return rest < ShortestRest ? ShortestRest : rest > LongestRest ? LongestRest : rest;
    }

    [LoggerMessage(EventId = 1, Level = LogLevel.Error,
        Message = "the log has a gap: conversation {Conversation} lacks the messages {From} to {Until}; operations.md tells what to do")]
    private partial void LogGapFound(string conversation, long from, long until);

    [LoggerMessage(EventId = 2, Level = LogLevel.Debug, Message = "the check of the log is put off for some seconds: {Reason}")]
    private partial void LogPutOff(string reason);

    [LoggerMessage(EventId = 3, Level = LogLevel.Warning, Message = "a slice of the check of the log failed, it is tried again in some seconds")]
    private partial void LogSliceFailed(Exception fault);
}
