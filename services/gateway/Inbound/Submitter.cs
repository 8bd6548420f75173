using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Threading.Channels;
using Im.Contracts.Lanes;
using Im.Gateway.Connections;
using Im.Hosting;
using Im.Hosting.Lanes;
using Im.Hosting.Telemetry;
using Im.Protocol;
using Microsoft.Extensions.Options;

namespace Im.Gateway.Inbound;

/// <summary>
/// Sends on their way to the owners of their shards: per shard one batch after the other, which holds what piled up while <see cref="SubmitWindows"/> let none go.
/// So a connection's sends to a conversation stay in order, nothing waits at low load, and batches grow with the load by themselves. Few shards publish at
/// once; the others pile up meanwhile.
/// </summary>
public sealed class Submitter(
    IMessageLanes lanes, SubmitWindows windows, NodeIdentity self, IOptions<GatewayOptions> gateway, ImMetrics metrics, TimeProvider time) : BackgroundService
{
    /// <summary>Sends that wait per shard; one more is refused as <c>unavailable</c>.</summary>
    private const int MaxWaiting = 8_192;

    private const int BatchSends = 512;
    private const int BatchBytes = 512 * 1024;

    /// <param name="Came">Timestamp of its frame.</param>
    private readonly record struct Waiter(ClientConnection Connection, Submission Submission, long Came);

    private readonly Channel<Waiter>[] _shards =
    [
        .. Enumerable.Range(0, windows.Shards).Select(_ => Channel.CreateBounded<Waiter>(
            new BoundedChannelOptions(MaxWaiting) { SingleReader = true })),
    ];

    private readonly SemaphoreSlim _turns = new(gateway.Value.ParallelSubmits);

    public int Waiting => _shards.Sum(shard => shard.Reader.Count);

    /// <summary>False where too many wait already.</summary>
    /// <param name="came">Timestamp of its frame.</param>
    public bool TrySubmit(ClientConnection connection, Submission submission, long came) =>
        _shards[submission.Conversation.Shard(_shards.Length)].Writer.TryWrite(new Waiter(connection, submission, came));

    /// <summary>If one shard's loop ends, the process does: its sends would wait for ever.</summary>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken) => await await Task.WhenAny(
        Enumerable.Range(0, _shards.Length).Select(shard => Task.Run(() => RunAsync(shard, stoppingToken), stoppingToken)));

    private async Task RunAsync(int shard, CancellationToken cancel)
    {
        var batch = new List<Waiter>();
        var submissions = new List<Submission>();
        var spans = new List<Activity>();
        var bytes = new RentedWriter();
        var waiting = _shards[shard].Reader;
        while (await waiting.WaitToReadAsync(cancel))
        {
            await windows.OpenAsync(shard, cancel);
            await _turns.WaitAsync(cancel);
            HandOver handedOver;
            try
            {
                Collect(waiting, batch);
                submissions.Clear();
                foreach (var one in batch) submissions.Add(one.Submission.Trace is null ? one.Submission : Traced(one.Submission, spans));
                LaneFormat.Write(bytes, self.Boot, CollectionsMarshal.AsSpan(submissions));
                windows.Sent(shard, batch.Count);
                handedOver = await lanes.SubmitAsync(shard, bytes.WrittenMemory, cancel);
                // What timed out may still be on its way to the socket: its bytes must not become another batch's.
                if (handedOver == HandOver.Unknown) bytes.Drop();
                else bytes.Return();
            }
            finally
            {
                _turns.Release();
            }

            foreach (var span in spans) span.SetTag("im.handover", ImMetrics.NameOf(handedOver)).SetTag("im.batch.size", batch.Count).Stop();
            spans.Clear();
            metrics.Submitted(batch.Count, time.GetElapsedTime(batch[0].Came), handedOver);
            if (handedOver == HandOver.Taken) continue;
            windows.Answered(shard, batch.Count);
            // Unknown may still be stored: the client repeats with the same id either way and gets one place.
            foreach (var (connection, submission, _) in batch) connection.Refuse(submission.ClientId, Codes.Unavailable, 1000);
        }
    }

    /// <summary>A sampled send: whoever commits it continues from the hand-over.</summary>
    private static Submission Traced(Submission submission, List<Activity> spans)
    {
        var span = ImTracing.Continue(ImTracing.Publish, ActivityKind.Producer, submission.Trace);
        if (span is not null) spans.Add(span);
        return submission with { Trace = ImTracing.Onwards(span, submission.Trace) };
    }

    private static void Collect(ChannelReader<Waiter> waiting, List<Waiter> batch)
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
