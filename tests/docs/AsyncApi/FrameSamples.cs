using Im.Protocol;

namespace Im.Docs.Tests.AsyncApi;

/// <summary>Each kind of frame twice: with every field that it may have, and with those only that it must have.</summary>
internal static class FrameSamples
{
    private static readonly ReadOnlyMemory<byte> Body = "hi"u8.ToArray();
    private static readonly Target User = Target.ToUser("2"), Conversation = Target.ToConversation("g3");

    public static readonly IReadOnlyList<(ClientFrame Full, ClientFrame Least)> Client =
    [
        (new ClientFrame.Hello("s", new Dictionary<string, long> { ["g3"] = 7 }), new ClientFrame.Hello("s")),
        (new ClientFrame.Send("a1", User, Body, "text/html"), new ClientFrame.Send("a1", Conversation, Body)),
        (new ClientFrame.Ack("g3", 7), new ClientFrame.Ack("g3", 0)),
        (new ClientFrame.Read("g3", 7), new ClientFrame.Read("g3", 0)),
        (new ClientFrame.Typing(User), new ClientFrame.Typing(Conversation)),
        (new ClientFrame.Watch(["2"], Off: true), new ClientFrame.Watch(["2"])),
        (new ClientFrame.Status("away"), new ClientFrame.Status("invisible")),
        (new ClientFrame.Ping(), new ClientFrame.Ping()),
        (new ClientFrame.Bye(), new ClientFrame.Bye()),
    ];

    public static readonly IReadOnlyList<(ServerFrame Full, ServerFrame Least)> Server =
    [
        (new ServerFrame.Welcome("2", "d", "k", 30, 5, ["ws://a/v1/ws"], "l"), new ServerFrame.Welcome("2", "d", "k", 1, 0, [], "l")),
        (new ServerFrame.Accepted("a1", "g3", 7, "g3.7", 5), new ServerFrame.Accepted("a1", "g3", 1, "g3.1", 0)),
        (new ServerFrame.Rejected("a1", Codes.Unavailable, true, 250), new ServerFrame.Rejected("a1", Codes.Blocked, false)),
        (new ServerFrame.Message("g3", 7, "g3.7", "2", "a1", Body, "text/html", 5), new ServerFrame.Message("g3", 1, "g3.1", "2", null, Body, "text/plain", 0)),
        (new ServerFrame.Synced(), new ServerFrame.Synced()),
        (new ServerFrame.Receipt("g3", "2", 4, 2), new ServerFrame.Receipt("g3", "2", null, null)),
        (new ServerFrame.ConversationChanged("g3", "group", "T", ["2"]), new ServerFrame.ConversationChanged("g3", "direct", null, null)),
        (new ServerFrame.ContactChanged("2", "accepted"), new ServerFrame.ContactChanged("2", "removed")),
        (new ServerFrame.Presence("2", "offline", 5), new ServerFrame.Presence("2", "online", null)),
        (new ServerFrame.Typing("g3", "2"), new ServerFrame.Typing("g3", "2")),
        (new ServerFrame.Pong(5), new ServerFrame.Pong(0)),
        (new ServerFrame.Error(Codes.BadFrame, "why"), new ServerFrame.Error(Codes.BadFrame, "")),
        (new ServerFrame.Bye(1012, 500, "ws://b/v1/ws"), new ServerFrame.Bye(4401)),
    ];
}
