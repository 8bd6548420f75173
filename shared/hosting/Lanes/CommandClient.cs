using System.Buffers;
using System.Collections.Concurrent;
using System.Diagnostics;
using Im.Contracts;
using Im.Contracts.Lanes;
using Im.Contracts.Messages;
using Im.Hosting.Bus;
using Microsoft.Extensions.Options;

namespace Im.Hosting.Lanes;

/// <summary>Where a command ended: the conversation and the highest seq after it.</summary>
public sealed record CommandDone(ConversationId Conversation, long Seq, long Time);

/// <summary>
/// Asks the owner of a shard for one thing and waits for the answer: group commands, and messages sent over HTTP. They go into the queue of the shard itself; its owner
/// decides them in one line with what comes through its lanes, and where two owners write for a moment, places and revisions decide.
/// </summary>
public sealed class CommandClient(IMessageLanes lanes, NodeIdentity self, IOptions<ImOptions> options, TimeProvider time) : IEnvelopeHandler
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(4);
    private static readonly Refused Unavailable = new("unavailable", "not stored in time, maybe later; look before you try again", 1000);
    private readonly ConcurrentDictionary<long, TaskCompletionSource<CallResult<CommandDone>>> _waiting = new();
    private long _last;

    /// <summary>A call's number is negative, a connection's positive: so the two never mix up on one node.</summary>
    /// <param name="submission">Its connection is filled in here.</param>
    public async Task<CallResult<CommandDone>> CallAsync(Submission submission, CancellationToken cancel)
    {
        var call = Interlocked.Decrement(ref _last);
        var answer = new TaskCompletionSource<CallResult<CommandDone>>(TaskCreationOptions.RunContinuationsAsynchronously);
        _waiting[call] = answer;
        try
        {
            var bytes = new ArrayBufferWriter<byte>();
            var trace = Activity.Current is { Recorded: true } request ? request.Id : null;
            LaneFormat.Write(bytes, self.Boot, [submission with { Connection = call, Trace = trace }]);
            var handedOver = await lanes.SubmitAsync(submission.Conversation.Shard(options.Value.Shards), bytes.WrittenMemory, cancel);
            if (handedOver is HandOver.Full or HandOver.Unroutable) return new(null, Unavailable);
            return await answer.Task.WaitAsync(Limit, time, cancel);
        }
        catch (TimeoutException)
        {
            return new(null, Unavailable);
        }
        finally
        {
            _waiting.TryRemove(call, out _);
        }
    }

    public void Handle(Envelope envelope)
    {
        foreach (var answer in envelope.Answers)
        {
            if (answer.Connection >= 0 || !_waiting.TryGetValue(answer.Connection, out var waiting)) continue;
            waiting.TrySetResult(answer.Code is { } code
                ? new(null, new Refused(code, DetailOf(code)))
                : new(new CommandDone(answer.Conversation, answer.Seq, answer.Time), null));
        }

        foreach (var delivery in envelope.Deliveries)
        {
            if (delivery.Origin < 0 && _waiting.TryGetValue(delivery.Origin, out var waiting))
                waiting.TrySetResult(new(new CommandDone(delivery.Conversation, delivery.Seq, delivery.Time), null));
        }
    }

    private static string DetailOf(string code) => code switch
    {
        "not_found" => "no such conversation, member or user",
        "forbidden" => "only the owner may do this",
        "blocked" => "one of the two blocks the other",
        "id_reuse" => "this id was used for another message",
        "invalid" => "too many members",
        "bad_text" => "the text cannot be stored",
        _ => "try again",
    };
}
