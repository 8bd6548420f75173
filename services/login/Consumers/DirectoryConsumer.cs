using Im.Contracts.Accounts;
using Im.Contracts.Messages;
using Im.Login.Accounts;
using Im.Protocol;
using MassTransit;

namespace Im.Login.Consumers;

/// <summary>Accounts for operators and for products with accounts of their own: ensure and search. Nothing here sees a password.</summary>
public sealed class DirectoryConsumer(AccountStore accounts) : IConsumer<EnsureUsers>, IConsumer<FindUsers>
{
    /// <summary>Users in one request.</summary>
    public const int MaxBatch = 1000;

    /// <summary>All or none: the first name that breaks a rule refuses the batch and is named by its place.</summary>
    public async Task Consume(ConsumeContext<EnsureUsers> context)
    {
        var asked = context.Message.Users;
        if (asked.Count > MaxBatch)
        {
            await context.RespondAsync(Refusals.Invalid($"at most {MaxBatch} users at once"));
            return;
        }

        var users = new List<(Username, string?)>(asked.Count);
        for (var i = 0; i < asked.Count; i++)
        {
            if (!Username.TryParse(asked[i].Username, out var name, out var fault) || (fault = DisplayNameFault(asked[i])) is not null)
            {
                await context.RespondAsync(Refusals.Invalid($"users[{i}]: {fault}"));
                return;
            }

            users.Add((name, asked[i].DisplayName));
        }

        await context.RespondAsync(new UsersEnsured(await accounts.EnsureAsync(users, context.CancellationToken)));
    }

    public async Task Consume(ConsumeContext<FindUsers> context)
    {
        var request = context.Message;
        if (request.Limit is < 1 or > MaxBatch
            || request.Query.Length > 64
            || !UnicodeText.IsWellFormed(request.Query)
            || UnicodeText.HasControls(request.Query))
        {
            await context.RespondAsync(new Refused(Codes.Invalid, $"limit is 1 to {MaxBatch}, query up to 64 characters"));
            return;
        }

        await context.RespondAsync(new UsersFound(await accounts.SearchAsync(request.Query, request.Limit, context.CancellationToken)));
    }

    private static string? DisplayNameFault(NewUser user) => user.DisplayName is { } shown ? ProfileRules.DisplayNameFault(shown) : null;
}
