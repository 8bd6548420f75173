using Im.Contracts;
using Im.Contracts.Lanes;
using Im.Hosting.Lanes;
using Im.Message.Log;

namespace Im.Message.Commit;

/// <summary>A batch on its way from the lane to its settlement.</summary>
/// <param name="Came">Timestamp of its arrival here.</param>
public sealed record PendingBatch(IShardReader Reader, ulong Tag, bool Redelivered, IReadOnlyList<Pending> Items, int Bytes, long Came);

/// <summary>A submission that waits for its commit.</summary>
/// <param name="Node">Who waits for the answer.</param>
/// <param name="Reader">Where it came from; null where it is of no shard.</param>
public sealed record Pending(Submission Submission, string Node, IShardReader? Reader = null)
{
    public SendKey Key { get; } = new(Submission.Sender, ClientMessageKey.Of(Submission.ClientId));

    /// <summary>What was asked, not what came of it: for a group command the users that it names, not the message that it makes.</summary>
    public ContentPrint Content { get; } = Submission.Kind == SubmissionKind.Send
        ? ContentPrint.Of(Submission.Type, Submission.Body.Span)
        : default;
}
