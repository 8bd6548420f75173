using Im.Contracts.Lanes;
using Im.Hosting;
using Im.Hosting.Lanes;
using Im.Hosting.Nodes;
using Im.Message.Commit;
using Microsoft.Extensions.Options;

namespace Im.Message.Shards;

/// <summary>
/// Reads exactly the shards that the node board gives this instance, and hands the others over. Two instances that see different boards for a second may
/// both be attached to a shard: the lane serves one of them, and the log's keys hold even if it served both.
/// </summary>
public sealed partial class ShardKeeper(
    IMessageLanes lanes, GroupCommit commit, NodeBoard board, NodeIdentity self, ShardsHeld held, IOptions<ImOptions> options, TimeProvider time,
    ILogger<ShardKeeper> log)
    : BackgroundService
{
    private static readonly TimeSpan Period = TimeSpan.FromMilliseconds(250);
    private readonly Dictionary<int, IShardReader> _readers = [];

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await board.Known.WaitAsync(stoppingToken);
        using var timer = new PeriodicTimer(Period, time);
        try
        {
            do
            {
                try
                {
                    await AdjustAsync(stoppingToken);
                }
                catch (Exception fault) when (fault is not OperationCanceledException || !stoppingToken.IsCancellationRequested)
                {
                    LogNotAdjusted(fault.Message);
                }
            }
            while (await timer.WaitForNextTickAsync(stoppingToken));
        }
        finally
        {
            foreach (var shard in _readers.Keys.ToArray()) await HandOverAsync(shard);
        }
    }

    private async Task AdjustAsync(CancellationToken cancel)
    {
        if (!lanes.IsUp) return;
        var before = held.Shards;
        var wanted = ShardAssignment.Of(self.Boot, [.. board.Running("message").Select(node => node.Boot)], options.Value.Shards);
        foreach (var (shard, reader) in _readers.ToArray())
        {
            if (reader.IsClosed || !wanted.Contains(shard)) await HandOverAsync(shard);
        }

        foreach (var shard in wanted.Where(shard => !_readers.ContainsKey(shard)))
        {
            commit.ForgetConversations();
            _readers[shard] = await lanes.ReadShardAsync(shard, OnBatchAsync, cancel);
            held.Set(_readers.Keys);
        }

        if (held.Shards != before) LogOrdered(held.Shards);
    }

    private async Task HandOverAsync(int shard)
    {
        if (!_readers.Remove(shard, out var reader)) return;
        held.Set(_readers.Keys);
        await reader.DisposeAsync();
    }

    private async ValueTask OnBatchAsync(IShardReader reader, LaneBatch batch)
    {
        PendingBatch pending;
        try
        {
            var submitted = LaneFormat.ReadBatch(batch.Body);
            pending = new PendingBatch(
                reader, batch.Tag, batch.Redelivered, [.. submitted.Submissions.Select(one => new Pending(one, submitted.Node, reader))], batch.Body.Length, time.GetTimestamp());
        }
        catch (InvalidDataException fault)
        {
            // Nobody can ever read it, and nobody was told that it was accepted. It goes the way of the others, empty, so that it is settled in turn.
            LogUnreadable(reader.Shard, batch.Body.Length, fault.Message);
            pending = new PendingBatch(reader, batch.Tag, batch.Redelivered, [], batch.Body.Length, time.GetTimestamp());
        }

        await commit.EnqueueAsync(pending, CancellationToken.None);
    }

    [LoggerMessage(EventId = 1, Level = LogLevel.Information, Message = "shards ordered here: {Shards}")]
    private partial void LogOrdered(string shards);

    [LoggerMessage(EventId = 3, Level = LogLevel.Error, Message = "a batch of {Bytes} bytes on shard {Shard} is not readable and dropped: {Reason}")]
    private partial void LogUnreadable(int shard, int bytes, string reason);

    [LoggerMessage(EventId = 4, Level = LogLevel.Warning, Message = "shards could not be taken or handed over, trying again: {Reason}")]
    private partial void LogNotAdjusted(string reason);
}
