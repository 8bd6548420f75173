using Im.Contracts.Messages;
using MassTransit;

namespace Im.Profile.Contacts;

public sealed class ListContactsConsumer(ContactStore contacts) : IConsumer<ListContacts>
{
    public async Task Consume(ConsumeContext<ListContacts> context) =>
        await context.RespondAsync(new ContactsListed(await contacts.ListAsync(context.Message.UserId, context.CancellationToken)));
}
