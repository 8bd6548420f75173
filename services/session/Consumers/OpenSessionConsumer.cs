using Im.Contracts.Messages;
using Im.Protocol;
using MassTransit;

namespace Im.Session.Consumers;

/// <summary>Opens sessions for users who proved who they are elsewhere: login, or an operator's product.</summary>
public sealed class OpenSessionConsumer(SessionStore store, SessionEvents events) : IConsumer<OpenSession>, IConsumer<OpenSessions>
{
    /// <summary>Users in one <see cref="OpenSessions"/>.</summary>
    public const int MaxBatch = 1000;

    public async Task Consume(ConsumeContext<OpenSession> context)
    {
        if (DeviceRules.FaultOf(context.Message.Device) is { } fault)
        {
            await context.RespondAsync(new Refused(Codes.Invalid, fault));
            return;
        }

        var outcome = await OpenAsync(context, [new(context.Message.UserId, context.Message.Device)]);
        await (outcome.Refused is { } refused ? context.RespondAsync(refused) : context.RespondAsync(outcome.Opened[0]));
    }

    public async Task Consume(ConsumeContext<OpenSessions> context)
    {
        if (context.Message.UserIds.Count > MaxBatch)
        {
            await context.RespondAsync(new Refused(Codes.Invalid, $"at most {MaxBatch} users at once"));
            return;
        }

        var outcome = await OpenAsync(context, [.. context.Message.UserIds.Select(user => new SessionWish(user, null))]);
        await (outcome.Refused is { } refused ? context.RespondAsync(refused) : context.RespondAsync(new SessionsOpened(outcome.Opened)));
    }

    private async Task<OpenOutcome> OpenAsync(ConsumeContext context, IReadOnlyList<SessionWish> wishes)
    {
        var outcome = await store.OpenAsync(wishes, context.CancellationToken);
        await events.EndedAsync(outcome.Ended, context.CancellationToken);
        return outcome;
    }
}
