using Im.Contracts.Messages;
using Im.Hosting.Bus;
using Im.Login.Accounts;
using Im.Login.Limits;
using Im.Login.Passwords;
using MassTransit;

namespace Im.Login.Consumers;

/// <summary>
/// Name and password against a session. A name that is unknown, disabled or without password takes the same path as a wrong password: the same
/// look-up, the same hash, the same count, the same answer.
/// </summary>
public sealed class LogInConsumer(AccountStore accounts, PasswordCheck passwords, LoginDelays delays, BusCalls bus) : IConsumer<LogIn>
{
    public async Task Consume(ConsumeContext<LogIn> context)
    {
        var (account, refused) = await VerifyAsync(context.Message, context.CancellationToken);
        if (account is null)
        {
            await context.RespondAsync(refused!);
            return;
        }

        var opened = await bus.AskAsync<OpenSession, SessionOpened>(new(account.UserId, context.Message.Device), context.CancellationToken);
        await (opened.Answer is { } session ? context.RespondAsync(new LoggedIn(session)) : context.RespondAsync(opened.Refused!));
    }

    private async Task<(Account? Account, Refused? Refused)> VerifyAsync(LogIn request, CancellationToken cancel)
    {
        var key = AccountKey.Of(request.Username);
        if (delays.Remaining(key, request.Address) is var wait && wait > TimeSpan.Zero) return (null, Refusals.Delayed(wait));
        var account = await accounts.FindByKeyAsync(key, cancel);
        var stored = account is { Disabled: false } ? account.PasswordHash : null;
        if (passwords.TryVerify(stored, request.Password) is not { } check) return (null, Refusals.Busy);
        var verdict = await check;
        if (account is null || stored is null || !verdict.Matches)
        {
            delays.Failed(key, request.Address);
            return (null, Refusals.BadCredentials);
        }

        delays.Succeeded(key);
        if (verdict.Renewed is { } renewed) await accounts.ReplaceHashAsync(account.UserId, stored, renewed.ToString(), cancel);
        return (account, null);
    }
}
