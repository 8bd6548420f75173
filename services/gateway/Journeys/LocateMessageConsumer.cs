using Im.Contracts;
using Im.Contracts.Messages;
using Im.Gateway.Connections;
using Im.Hosting;
using Im.Hosting.Bus;
using MassTransit;

namespace Im.Gateway.Journeys;

/// <summary>
/// Tells operators where a message stands on this gateway's connections, from what each connection knows anyway: what it was given, and what its device has
/// acknowledged.
/// </summary>
public sealed class LocateMessageConsumer(ConnectionRegistry registry, EndedConnections ended, BusCalls bus, NodeIdentity self) : IConsumer<LocateMessage>
{
    public async Task Consume(ConsumeContext<LocateMessage> context)
    {
        var asked = context.Message;
        var conversation = ConversationId.FromGuid(asked.Conversation);
        var found = new List<MessageOnConnection>();
        foreach (var connection in asked.UserIds.SelectMany(user => registry.OfUser(user)))
            if (!connection.IsClosing) found.Add(connection.StandOf(conversation, asked.Seq));
        found.AddRange(ended.Find(asked.UserIds.ToHashSet(), conversation, asked.Seq, out var since));
        await bus.TryPublishAsync(new MessageLocated(asked.Question, self.Boot, found, since), context.CancellationToken, LocateMessage.Lifetime);
    }
}
