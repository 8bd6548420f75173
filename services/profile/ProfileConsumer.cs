using Im.Contracts.Accounts;
using Im.Contracts.Messages;
using Im.Protocol;
using MassTransit;

namespace Im.Profile;

/// <summary>Reads and changes profiles; texts are stored as typed, see <see cref="ProfileRules"/>.</summary>
public sealed class ProfileConsumer(ProfileStore store) : IConsumer<GetProfile>, IConsumer<UpdateProfile>
{
    private static readonly Refused NotFound = new(Codes.NotFound, "there is no such user");

    public async Task Consume(ConsumeContext<GetProfile> context)
    {
        var profile = context.Message switch
        {
            { UserId: { } id } => await store.FindByIdAsync(id, context.CancellationToken),
            { Username: { } name } when Username.KeyOf(name) is { } key => await store.FindByKeyAsync(key, context.CancellationToken),
            _ => null,
        };
        await AnswerAsync(context, profile);
    }

    public async Task Consume(ConsumeContext<UpdateProfile> context)
    {
        if (FaultOf(context.Message) is { } fault)
        {
            await context.RespondAsync(new Refused(Codes.Invalid, fault));
            return;
        }

        await AnswerAsync(context, await store.UpdateAsync(context.Message, context.CancellationToken));
    }

    private static Task AnswerAsync(ConsumeContext context, Contracts.Messages.Profile? profile) =>
        profile is null ? context.RespondAsync(NotFound) : context.RespondAsync(profile);

    /// <summary>An empty bio or address clears the field and needs no rule.</summary>
    private static string? FaultOf(UpdateProfile change) =>
        (change.DisplayName is { } shown ? ProfileRules.DisplayNameFault(shown) : null)
        ?? (change.Bio is { } bio ? ProfileRules.BioFault(bio) : null)
        ?? (change.AvatarUrl is { Length: > 0 } url ? ProfileRules.AvatarUrlFault(url) : null);
}
