using Im.Contracts;
using Im.Contracts.Lanes;
using Im.Gateway.Connections;
using Im.Hosting.Lanes;
using Im.Protocol;

namespace Im.Gateway.Outbound;

/// <summary>An envelope → the connections that it is for. Each frame is made once for each format that somebody needs, however many connections get it.</summary>
public sealed class DeliveryHandler(ConnectionRegistry registry) : IEnvelopeHandler
{
    private readonly SharedFrame _frame = new();
    private readonly SharedFrame _ownFrame = new();

    public void Handle(Envelope envelope)
    {
        foreach (var delivery in envelope.Deliveries) Deliver(delivery);
        foreach (var answer in envelope.Answers)
            if (answer.Connection > 0) registry.Find(answer.Connection)?.Answer(answer);
        foreach (var notice in envelope.Notices) Notify(notice);
        foreach (var receipt in envelope.Receipts) Tell(receipt);
        foreach (var typing in envelope.Typings) Tell(typing);
        foreach (var replaced in envelope.Replaced) registry.Find(replaced.Connection)?.Close(CloseCodes.Replaced);
    }

    private void Deliver(Delivery delivery)
    {
        if (delivery.Origin > 0) registry.Find(delivery.Origin)?.Accept(delivery);
        _frame.Clear();
        _ownFrame.Clear();
        foreach (var user in delivery.Users)
        {
            // The sender's own devices learn his id of the message; nobody else does.
            var isOwn = user == delivery.Sender && delivery.Type != Limits.MemberType;
            var frame = isOwn ? _ownFrame : _frame;
            foreach (var connection in registry.OfUser(user))
            {
                if (connection.Number == delivery.Origin) continue;
                frame.Frame ??= MessageOf(delivery, isOwn);
                connection.Deliver(delivery.Conversation, delivery.Seq, frame.In(connection.Format));
            }
        }
    }

    private void Notify(ConversationNotice notice)
    {
        var members = notice.Members.Count == 0 ? [] : notice.Members.Select(Ids.Text).ToArray();
        var frame = new ServerFrame.ConversationChanged(notice.Conversation.ToString(), "group", notice.Title, members);
        foreach (var connection in notice.Users.SelectMany(user => registry.OfUser(user))) connection.Send(frame);
    }

    private void Tell(ReceiptNotice receipt)
    {
        foreach (var user in receipt.Users)
        {
            foreach (var connection in registry.OfUser(user))
                if (user != receipt.User || connection.Session?.DeviceKey != receipt.Device)
                    connection.Tell(new Receipt(receipt.Conversation, receipt.User, receipt.Delivered, receipt.Read));
        }
    }

    private void Tell(TypingNotice typing)
    {
        var frame = new ServerFrame.Typing(typing.Conversation.ToString(), Ids.Text(typing.User));
        foreach (var connection in typing.Users.SelectMany(user => registry.OfUser(user))) connection.TryTell(frame);
    }

    private static ServerFrame.Message MessageOf(Delivery delivery, bool isOwn) => new(
        delivery.Conversation.ToString(),
        delivery.Seq,
        delivery.Conversation.MessageId(delivery.Seq),
        Ids.Text(delivery.Sender),
        isOwn ? delivery.ClientId : null,
        delivery.Body,
        delivery.Type ?? Limits.DefaultType,
        delivery.Time);
}
