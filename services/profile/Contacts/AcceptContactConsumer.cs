using Im.Contracts.Messages;
using MassTransit;

namespace Im.Profile.Contacts;

public sealed class AcceptContactConsumer(ContactStore contacts, ContactAnswers answers) : IConsumer<AcceptContact>
{
    public async Task Consume(ConsumeContext<AcceptContact> context)
    {
        var (user, other) = (context.Message.UserId, context.Message.Other);
        await answers.TellAsync(context, user, other, await contacts.AcceptAsync(user, other, context.CancellationToken));
    }
}
