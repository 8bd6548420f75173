using Im.Contracts.Accounts;
using Im.Contracts.Messages;
using Im.Login.Accounts;
using Im.Login.Limits;
using Im.Login.Passwords;
using Im.Protocol;
using MassTransit;

namespace Im.Login.Consumers;

/// <summary>A new account with a password. Everything cheap is checked before the hash is made.</summary>
public sealed class RegisterUserConsumer(AccountStore accounts, PasswordCheck passwords, RegistrationLimit limit) : IConsumer<RegisterUser>
{
    private static readonly Refused Taken = new(Codes.UsernameTaken, "this user name is taken");

    public async Task Consume(ConsumeContext<RegisterUser> context)
    {
        var (registered, refused) = await RegisterAsync(context.Message, context.CancellationToken);
        await (registered is not null ? context.RespondAsync(registered) : context.RespondAsync(refused!));
    }

    private async Task<(UserRegistered? Registered, Refused? Refused)> RegisterAsync(RegisterUser request, CancellationToken cancel)
    {
        if (!Username.TryParse(request.Username, out var name, out var fault)) return (null, Refusals.Invalid(fault));
        var password = PasswordRules.Normalize(request.Password);
        fault = PasswordRules.FaultOf(password, name.Text) ?? (request.DisplayName is { } shown ? ProfileRules.DisplayNameFault(shown) : null);
        if (fault is not null) return (null, Refusals.Invalid(fault));
        if (limit.Take(request.Address) is var wait && wait > TimeSpan.Zero) return (null, Refusals.Delayed(wait));
        if (await accounts.FindByKeyAsync(name.Key, cancel) is not null) return (null, Taken);
        if (passwords.TryHash(password!) is not { } hashing) return (null, Refusals.Busy);
        var hash = await hashing;
        return await accounts.AddAsync(name, hash.ToString(), request.DisplayName, cancel) is { } userId
            ? (new UserRegistered(userId, name.Text), null)
            : (null, Taken);
    }
}
