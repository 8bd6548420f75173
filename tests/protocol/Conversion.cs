using Wire = Im.V1;

namespace Im.Protocol.Tests;

/// <summary>Frames as the classes that protoc made of the schema: what an independent client holds in its hands.</summary>
internal static class Conversion
{
    public static Wire.ClientFrame ToWire(ClientFrame frame) => frame switch
    {
        ClientFrame.Hello hello => new() { Hello = Filled(new Wire.ClientFrame.Types.Hello { Session = hello.Session }, hello.Cursors) },
        ClientFrame.Send send => new() { Send = Filled(new() { Id = send.Id, To = ToWire(send.To), Body = Text(send.Body) }, send.Type) },
        ClientFrame.Ack ack => new() { Ack = new() { Conversation = ack.Conversation, Seq = ack.Seq } },
        ClientFrame.Read read => new() { Read = new() { Conversation = read.Conversation, Seq = read.Seq } },
        ClientFrame.Typing typing => new() { Typing = new() { To = ToWire(typing.To) } },
        ClientFrame.Watch watch => new() { Watch = new() { Users = { watch.Users }, Off = watch.Off } },
        ClientFrame.Status status => new() { Status = new() { Status_ = status.Value } },
        ClientFrame.Ping => new() { Ping = new() },
        ClientFrame.Bye => new() { Bye = new() },
        _ => throw new ArgumentOutOfRangeException(nameof(frame)),
    };

    public static Wire.ServerFrame ToWire(ServerFrame frame) => frame switch
    {
        ServerFrame.Welcome one => new()
        {
            Welcome = new()
            {
                User = one.User,
                Device = one.Device,
                Connection = one.Connection,
                Heartbeat = one.Heartbeat,
                Time = one.Time,
                Gateways = { one.Gateways },
                Log = one.Log,
            },
        },
        ServerFrame.Accepted one => new()
        {
            Accepted = new() { Id = one.Id, Conversation = one.Conversation, Seq = one.Seq, MessageId = one.MessageId, Time = one.Time },
        },
        ServerFrame.Rejected one => new() { Rejected = Filled(new() { Id = one.Id, Code = one.Code, Retryable = one.Retryable }, one.RetryAfterMs) },
        ServerFrame.Message one => new() { Message = ToWire(one) },
        ServerFrame.Synced => new() { Synced = new() },
        ServerFrame.Receipt one => new() { Receipt = Filled(new() { Conversation = one.Conversation, User = one.User }, one.Delivered, one.Read) },
        ServerFrame.ConversationChanged one => new() { Conversation = ToWire(one) },
        ServerFrame.ContactChanged one => new() { Contact = new() { User = one.User, State = one.State } },
        ServerFrame.Presence one => new() { Presence = Filled(new() { User = one.User, Status = one.Status }, one.LastSeen) },
        ServerFrame.Typing one => new() { Typing = new() { Conversation = one.Conversation, User = one.User } },
        ServerFrame.Pong one => new() { Pong = new() { Time = one.Time } },
        ServerFrame.Error one => new() { Error = new() { Code = one.Code, Detail = one.Detail } },
        ServerFrame.Bye one => new() { Bye = ToWire(one) },
        _ => throw new ArgumentOutOfRangeException(nameof(frame)),
    };

    public static Wire.Target ToWire(Target to) =>
        to.User is not null ? new() { User = to.User } : to.Conversation is not null ? new() { Conversation = to.Conversation } : new();

    private static Wire.ServerFrame.Types.Message ToWire(ServerFrame.Message one)
    {
        var message = new Wire.ServerFrame.Types.Message
        {
            Conversation = one.Conversation,
            Seq = one.Seq,
            MessageId = one.MessageId,
            From = one.From,
            Body = Text(one.Body),
            Type = one.Type,
            Time = one.Time,
        };
        if (one.Id is not null) message.Id = one.Id;
        return message;
    }

    private static Wire.ServerFrame.Types.Conversation ToWire(ServerFrame.ConversationChanged one)
    {
        var conversation = new Wire.ServerFrame.Types.Conversation { Conversation_ = one.Id, Kind = one.Kind };
        if (one.Title is not null) conversation.Title = one.Title;
        if (one.Members is not null) conversation.Members = new() { Users = { one.Members } };
        return conversation;
    }

    private static Wire.ServerFrame.Types.Bye ToWire(ServerFrame.Bye one)
    {
        var bye = new Wire.ServerFrame.Types.Bye { Code = one.Code };
        if (one.ReconnectAfterMs is { } after) bye.ReconnectAfterMs = after;
        if (one.Gateway is not null) bye.Gateway = one.Gateway;
        return bye;
    }

    private static Wire.ClientFrame.Types.Hello Filled(Wire.ClientFrame.Types.Hello hello, IReadOnlyDictionary<string, long>? cursors)
    {
        foreach (var (conversation, seq) in cursors ?? new Dictionary<string, long>()) hello.Cursors[conversation] = seq;
        return hello;
    }

    private static Wire.ClientFrame.Types.Send Filled(Wire.ClientFrame.Types.Send send, string? type)
    {
        if (type is not null) send.Type = type;
        return send;
    }

    private static Wire.ServerFrame.Types.Rejected Filled(Wire.ServerFrame.Types.Rejected rejected, int? after)
    {
        if (after is { } value) rejected.RetryAfterMs = value;
        return rejected;
    }

    private static Wire.ServerFrame.Types.Receipt Filled(Wire.ServerFrame.Types.Receipt receipt, long? delivered, long? read)
    {
        if (delivered is { } upTo) receipt.Delivered = upTo;
        if (read is { } readTo) receipt.Read = readTo;
        return receipt;
    }

    private static Wire.ServerFrame.Types.Presence Filled(Wire.ServerFrame.Types.Presence presence, long? lastSeen)
    {
        if (lastSeen is { } time) presence.LastSeen = time;
        return presence;
    }

    private static string Text(ReadOnlyMemory<byte> utf8) => System.Text.Encoding.UTF8.GetString(utf8.Span);
}
