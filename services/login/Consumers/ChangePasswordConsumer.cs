using Im.Contracts.Messages;
using Im.Hosting.Bus;
using Im.Login.Accounts;
using Im.Login.Limits;
using Im.Login.Passwords;
using Im.Protocol;
using MassTransit;

namespace Im.Login.Consumers;

/// <summary>
/// The old password against a new one; the user's other sessions end. Guessing the old one counts like guessing at login. The hash is stored before
/// the sessions end: whoever knows the old password must not get in between.
/// </summary>
public sealed partial class ChangePasswordConsumer(
    AccountStore accounts, PasswordCheck passwords, LoginDelays delays, BusCalls bus, ILogger<ChangePasswordConsumer> log) : IConsumer<ChangePassword>
{
    public async Task Consume(ConsumeContext<ChangePassword> context)
    {
        var refused = await ChangeAsync(context.Message, context.CancellationToken);
        await (refused is null ? context.RespondAsync(new PasswordChanged(context.Message.UserId)) : context.RespondAsync(refused));
    }

    private async Task<Refused?> ChangeAsync(ChangePassword request, CancellationToken cancel)
    {
        if (await accounts.FindByIdAsync(request.UserId, cancel) is not { } account) return new(Codes.NotFound, "there is no such user");
        var password = PasswordRules.Normalize(request.New);
        if (PasswordRules.FaultOf(password, account.Username) is { } fault) return Refusals.Invalid(fault);
        var key = AccountKey.Of(account.Username);
        if (delays.Remaining(key, request.Address) is var wait && wait > TimeSpan.Zero) return Refusals.Delayed(wait);
        if (passwords.TryVerify(account.PasswordHash, request.Old) is not { } check) return Refusals.Busy;
        if (!(await check).Matches)
        {
            delays.Failed(key, request.Address);
            return Refusals.BadCredentials;
        }

        delays.Succeeded(key);
        if (passwords.TryHash(password!) is not { } hashing) return Refusals.Busy;
        // Somebody else changed it since the check: what was proven is no longer the password.
        if (!await accounts.ReplaceHashAsync(account.UserId, account.PasswordHash!, (await hashing).ToString(), cancel)) return Refusals.BadCredentials;
        LogChanged(account.UserId);
        var ended = await bus.AskAsync<EndSessions, SessionsEnded>(new(request.UserId, null, request.SessionKey), cancel);
        return ended.IsOk ? null : new(Codes.Unavailable, "the password is changed, but the other sessions could not be ended; end them yourself", 1000);
    }

    [LoggerMessage(EventId = 1, Level = LogLevel.Information, Message = "user {UserId} changed his password; his other sessions end")]
    private partial void LogChanged(long userId);
}
