using Im.Contracts.Messages;
using MassTransit;

namespace Im.Session.Consumers;

/// <summary>Ends sessions: commit, tell the gateways, answer. When it has answered, no gateway lets the session live longer than 2 s.</summary>
public sealed class EndSessionsConsumer(SessionStore store, SessionEvents events) : IConsumer<EndSessions>
{
    public async Task Consume(ConsumeContext<EndSessions> context)
    {
        var ended = await store.EndAsync(context.Message, context.CancellationToken);
        await events.EndedAsync(ended, context.CancellationToken);
        await context.RespondAsync(new SessionsEnded(ended.Count));
    }
}
