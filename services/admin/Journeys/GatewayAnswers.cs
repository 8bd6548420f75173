using System.Collections.Concurrent;
using Im.Contracts;
using Im.Contracts.Messages;
using Im.Hosting.Bus;
using MassTransit;

namespace Im.Admin.Journeys;

/// <summary>
/// Asks all gateways at once where a message is, and waits for their answers, at most two seconds: one that is dead, frozen or cut off is named, not waited for.
/// </summary>
/// <remarks>
/// The question is an event, for a request to the queue of a gateway that is gone would be lost or leave a queue behind; each gateway answers with an event too.
/// </remarks>
public sealed class GatewayAnswers(BusCalls bus, TimeProvider time) : IConsumer<MessageLocated>
{
    private sealed record Waiting(IReadOnlySet<string> Boots, ConcurrentDictionary<string, MessageLocated> Answers, TaskCompletionSource All);

    private readonly ConcurrentDictionary<Guid, Waiting> _waiting = new();

    /// <param name="boots">The gateways that should answer.</param>
    /// <returns>The answers by boot id, of those who answered in time.</returns>
    public async Task<IReadOnlyDictionary<string, MessageLocated>> AskAsync(
        ConversationId conversation, long seq, IReadOnlyList<long> users, IReadOnlySet<string> boots, CancellationToken cancel)
    {
        var waiting = new Waiting(boots, new(), new(TaskCreationOptions.RunContinuationsAsynchronously));
        if (boots.Count == 0) return waiting.Answers;
        var question = Guid.NewGuid();
        _waiting[question] = waiting;
        try
        {
            var asked = new LocateMessage(question, conversation.ToGuid(), seq, users);
            await Task.WhenAny(AskAsync(asked, waiting, cancel), Task.Delay(LocateMessage.Lifetime, time, cancel));
            cancel.ThrowIfCancellationRequested();
            return new Dictionary<string, MessageLocated>(waiting.Answers);
        }
        finally
        {
            _waiting.TryRemove(question, out _);
        }
    }

    public Task Consume(ConsumeContext<MessageLocated> context)
    {
        var answer = context.Message;
        // Of a question that is answered, or of another admin process.
        if (!_waiting.TryGetValue(answer.Question, out var waiting)) return Task.CompletedTask;
        waiting.Answers[answer.Boot] = answer;
        if (waiting.Boots.All(waiting.Answers.ContainsKey)) waiting.All.TrySetResult();
        return Task.CompletedTask;
    }

    private async Task AskAsync(LocateMessage question, Waiting waiting, CancellationToken cancel)
    {
        // While the broker is away nobody answers: then all are named.
        if (await bus.TryPublishAsync(question, cancel, LocateMessage.Lifetime)) await waiting.All.Task;
    }
}
