using Im.Contracts.Messages;
using MassTransit;

namespace Im.Profile.Contacts;

public sealed class RemoveContactConsumer(ContactStore contacts, ContactAnswers answers) : IConsumer<RemoveContact>
{
    public async Task Consume(ConsumeContext<RemoveContact> context)
    {
        var (user, other) = (context.Message.UserId, context.Message.Other);
        await answers.TellAsync(context, user, other, await contacts.RemoveAsync(user, other, context.CancellationToken));
    }
}
