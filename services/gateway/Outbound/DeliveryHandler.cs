using System.Diagnostics;
using Im.Contracts;
using Im.Contracts.Lanes;
using Im.Gateway.Connections;
using Im.Gateway.Inbound;
using Im.Hosting.Lanes;
using Im.Hosting.Nodes;
using Im.Hosting.Telemetry;
using Im.Protocol;

namespace Im.Gateway.Outbound;

/// <summary>An envelope → the connections that it is for. Each frame is made once for each format that somebody needs, however many connections get it.</summary>
public sealed class DeliveryHandler(ConnectionRegistry registry, SubmitLanes lanes, ImMetrics metrics, NodeLedger ledger, TimeProvider time) : IEnvelopeHandler
{
    private readonly SharedFrame _frame = new();
    private readonly SharedFrame _ownFrame = new();
    private readonly Wakes _wakes = new();
    private readonly List<SentKey> _answered = [];

    /// <summary>Of the envelope: counted here, told once.</summary>
    private int _accepted, _delivered;

    /// <summary>When the first of the envelope's accepted sends came.</summary>
    private long _firstSince;

    /// <summary>When the envelope came, and when the oldest of the messages that it brought somebody was accepted, Unix milliseconds.</summary>
    private long _now, _oldest;

    public void Handle(Envelope envelope)
    {
        (_accepted, _delivered, _firstSince, _oldest) = (0, 0, 0, long.MaxValue);
        _now = time.GetUtcNow().ToUnixTimeMilliseconds();
        lanes.Answered(AnsweredBy(envelope));
        foreach (var delivery in envelope.Deliveries) Deliver(delivery);
        ledger.Sent(_accepted + _delivered);
        metrics.Delivered(
            envelope.Deliveries.Count,
            _accepted,
            _delivered,
            _firstSince == 0 ? null : time.GetElapsedTime(_firstSince),
            _delivered == 0 ? null : TimeSpan.FromMilliseconds(_now - _oldest));
        foreach (var answer in envelope.Answers) Answer(answer);
        foreach (var notice in envelope.Notices) Notify(notice);
        foreach (var receipt in envelope.Receipts) Tell(receipt);
        foreach (var typing in envelope.Typings) Tell(typing);
        _wakes.WakeAll();
        foreach (var replaced in envelope.Replaced) registry.Find(replaced.Connection)?.Close(CloseCodes.Replaced);
    }

    private List<SentKey> AnsweredBy(Envelope envelope)
    {
        _answered.Clear();
        foreach (var delivery in envelope.Deliveries)
            if (delivery.Origin > 0) _answered.Add(new SentKey(delivery.Conversation.Shard(lanes.Shards), delivery.Origin, delivery.ClientId));
        foreach (var answer in envelope.Answers)
            if (answer.Connection > 0) _answered.Add(new SentKey(answer.Conversation.Shard(lanes.Shards), answer.Connection, answer.ClientId));
        return _answered;
    }

    private void Deliver(Delivery delivery)
    {
        if (delivery.Origin > 0) Accept(delivery);
        if (delivery.Users.Count == 0) return;
        var span = SpanOf(ImTracing.Deliver, delivery);
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
                if (!connection.Deliver(delivery.Conversation, delivery.Seq, frame.In(connection.Format), span, _now)) continue;
                _wakes.Add(connection);
                _delivered++;
                _oldest = Math.Min(_oldest, delivery.Time);
            }
        }

        span?.Release();
    }

    private void Answer(Answer answer)
    {
        // A command's, which nobody here waits for.
        if (answer.Connection <= 0) return;
        if (registry.Find(answer.Connection) is not { } connection) return;
        connection.Answer(answer);
        _wakes.Add(connection);
    }

    private void Accept(Delivery delivery)
    {
        var span = SpanOf(ImTracing.Accepted, delivery);
        if (registry.Find(delivery.Origin) is { } connection && connection.Accept(delivery, span, _now) is { } since)
        {
            _wakes.Add(connection);
            _accepted++;
            if (_firstSince == 0) _firstSince = since;
        }

        span?.Release();
    }

    /// <summary>Null unless the message is sampled.</summary>
    private static FrameSpan? SpanOf(string name, Delivery delivery)
    {
        if (ImTracing.Continue(name, ActivityKind.Consumer, delivery.Trace) is not { } span) return null;
        span.SetTag("im.message.id", delivery.Conversation.MessageId(delivery.Seq));
        return new FrameSpan(span);
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
            {
                if (user == receipt.User && connection.Session?.DeviceKey == receipt.Device) continue;
                connection.Tell(new Receipt(receipt.Conversation, receipt.User, receipt.Delivered, receipt.Read));
                _wakes.Add(connection);
            }
        }
    }

    private void Tell(TypingNotice typing)
    {
        var frame = new ServerFrame.Typing(typing.Conversation.ToString(), Ids.Text(typing.User));
        foreach (var connection in typing.Users.SelectMany(user => registry.OfUser(user)))
        {
            connection.TryTell(frame);
            _wakes.Add(connection);
        }
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
