using Im.Contracts;
using Im.Contracts.Messages;
using Im.Hosting.Bus;
using Im.Login.Accounts;
using Im.Protocol;
using MassTransit;

namespace Im.Login.Consumers;

/// <summary>Disabling is stored first, so that no login slips in, and then ends all sessions. Refused half-way, it can be asked again.</summary>
public sealed class DisableUserConsumer(AccountStore accounts, BusCalls bus) : IConsumer<DisableUser>
{
    public async Task Consume(ConsumeContext<DisableUser> context)
    {
        var refused = await DisableAsync(context.Message, context.CancellationToken);
        await (refused is null
            ? context.RespondAsync(new UserDisabled(context.Message.UserId, context.Message.Disabled))
            : context.RespondAsync(refused));
    }

    private async Task<Refused?> DisableAsync(DisableUser request, CancellationToken cancel)
    {
        if (request.UserId == Ids.SystemUser) return new(Codes.Forbidden, "the system user has no sessions to be kept from");
        if (!await accounts.DisableAsync(request.UserId, request.Disabled, cancel)) return new(Codes.NotFound, "there is no such user");
        if (!request.Disabled) return null;
        return (await bus.AskAsync<EndSessions, SessionsEnded>(new(request.UserId, null), cancel)).Refused;
    }
}
