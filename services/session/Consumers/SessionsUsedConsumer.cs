using Im.Contracts.Messages;
using MassTransit;

namespace Im.Session.Consumers;

/// <summary>Keeps used sessions from idling out. A lost batch is made good by the next one: a session idles for days.</summary>
public sealed class SessionsUsedConsumer(SessionStore store) : IConsumer<SessionsUsed>
{
    public Task Consume(ConsumeContext<SessionsUsed> context) => store.UseAsync(context.Message.SessionKeys, context.CancellationToken);
}
