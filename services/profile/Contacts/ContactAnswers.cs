using Im.Contracts.Messages;
using Im.Hosting.Bus;
using MassTransit;

namespace Im.Profile.Contacts;

/// <summary>
/// Tells what became of a request: the asking user by the answer, the devices of both by an event. An event that is lost costs no more than time: the list
/// has it.
/// </summary>
public sealed class ContactAnswers(BusCalls bus)
{
    public async Task TellAsync(ConsumeContext context, long user, long other, ContactChange change)
    {
        if (change.Refused is { } refused)
        {
            await context.RespondAsync(refused);
            return;
        }

        // The answer is not held up by a broker that does not take events.
        await context.RespondAsync(new ContactIs(other, ContactStates.OfStored((int)change.After)));
        if (change.After == change.Before) return;
        await bus.TryPublishAsync(new ContactChanged(user, other, ContactStates.OfStored((int)change.After)), context.CancellationToken);
        var opposite = ContactRules.Opposite(change.After);
        await bus.TryPublishAsync(new ContactChanged(other, user, ContactStates.OfStored((int)opposite)), context.CancellationToken);
    }
}
