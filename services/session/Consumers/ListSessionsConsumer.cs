using Im.Contracts.Messages;
using MassTransit;

namespace Im.Session.Consumers;

/// <summary>Lists what may be shown of a user's sessions: never the secret id, which is not stored.</summary>
public sealed class ListSessionsConsumer(SessionStore store) : IConsumer<ListSessions>
{
    public async Task Consume(ConsumeContext<ListSessions> context) =>
        await context.RespondAsync(new SessionsListed(await store.ListAsync(context.Message.UserId, context.CancellationToken)));
}
