using Im.Contracts.Messages;
using MassTransit;

namespace Im.Profile.Contacts;

public sealed class RequestContactConsumer(ContactStore contacts, ContactRequestLimit limit, ContactAnswers answers) : IConsumer<RequestContact>
{
    public async Task Consume(ConsumeContext<RequestContact> context)
    {
        var (user, other, cancel) = (context.Message.UserId, context.Message.Other, context.CancellationToken);
        // Only what is new counts: asking again, and accepting by asking, knocks at no other door.
        var isNew = await contacts.StateAsync(user, other, cancel) == ContactState.None;
        var change = isNew && limit.Take(user) is { } refused ? new ContactChange(default, default, refused) : await contacts.RequestAsync(user, other, cancel);
        await answers.TellAsync(context, user, other, change);
    }
}
