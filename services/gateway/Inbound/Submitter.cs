using System.Buffers;
using System.Runtime.InteropServices;
using System.Threading.Channels;
using Im.Contracts.Lanes;
using Im.Gateway.Connections;
using Im.Hosting;
using Im.Hosting.Lanes;
using Im.Protocol;
using Microsoft.Extensions.Options;

namespace Im.Gateway.Inbound;

/// <summary>
/// Sends on their way to the owners of their shards: per shard one batch at a time, which holds what piled up while the last one was under way. So a
/// connection's sends to a conversation stay in order, nothing waits at low load, and batches grow with the load by themselves. Few shards publish at once;
/// the others pile up meanwhile, for a batch costs the broker about the same whatever it holds.
/// </summary>
public sealed class Submitter(IMessageLanes lanes, NodeIdentity self, IOptions<ImOptions> options, IOptions<GatewayOptions> gateway) : BackgroundService
{
    /// <summary>Sends that wait per shard; one more is refused as <c>unavailable</c>.</summary>
    private const int Waiting = 8_192;

    private const int BatchSends = 512;
    private const int BatchBytes = 512 * 1024;

    private readonly Channel<(ClientConnection Connection, Submission Submission)>[] _shards =
    [
        .. Enumerable.Range(0, options.Value.Shards).Select(_ => Channel.CreateBounded<(ClientConnection, Submission)>(
            new BoundedChannelOptions(Waiting) { SingleReader = true })),
    ];

    private readonly SemaphoreSlim _turns = new(gateway.Value.ParallelSubmits);

    /// <summary>False where too many wait already.</summary>
    public bool TrySubmit(ClientConnection connection, Submission submission) =>
        _shards[submission.Conversation.Shard(_shards.Length)].Writer.TryWrite((connection, submission));

    /// <summary>If one shard's loop ends, the process does: its sends would wait for ever.</summary>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken) => await await Task.WhenAny(
        Enumerable.Range(0, _shards.Length).Select(shard => Task.Run(() => RunAsync(shard, stoppingToken), stoppingToken)));

    private async Task RunAsync(int shard, CancellationToken cancel)
    {
        var batch = new List<(ClientConnection Connection, Submission Submission)>();
        var submissions = new List<Submission>();
        var bytes = new ArrayBufferWriter<byte>();
        var waiting = _shards[shard].Reader;
        while (await waiting.WaitToReadAsync(cancel))
        {
            await _turns.WaitAsync(cancel);
            HandOver handedOver;
            try
            {
                Collect(waiting, batch);
                submissions.Clear();
                submissions.AddRange(batch.Select(one => one.Submission));
                bytes.ResetWrittenCount();
                LaneFormat.Write(bytes, self.Boot, CollectionsMarshal.AsSpan(submissions));
                handedOver = await lanes.SubmitAsync(shard, bytes.WrittenMemory, cancel);
            }
            finally
            {
                _turns.Release();
            }

            if (handedOver == HandOver.Taken) continue;
            // Unknown may still be stored: the client repeats with the same id either way and gets one place.
            foreach (var (connection, submission) in batch) connection.Refuse(submission.ClientId, Codes.Unavailable, 1000);
        }
    }

    private static void Collect(
        ChannelReader<(ClientConnection Connection, Submission Submission)> waiting, List<(ClientConnection Connection, Submission Submission)> batch)
    {
        batch.Clear();
        var size = 0;
        while (batch.Count < BatchSends && size < BatchBytes && waiting.TryRead(out var one))
        {
            batch.Add(one);
            size += one.Submission.Body.Length;
        }
    }

    public override void Dispose()
    {
        _turns.Dispose();
        base.Dispose();
    }
}
