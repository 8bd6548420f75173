namespace Im.Protocol.Tests;

/// <summary>
/// Bytes that clients outside this repository rely on, made with protoc from the published schema: a change here is a change of the contract.
/// </summary>
public sealed class GoldenBytesTests
{
    public static TheoryData<string, ClientFrame> Client { get; } = new()
    {
        { "0A070A050A03732D31", new ClientFrame.Hello("s-1") },
        { "0A0F0A0D0A03732D3112060A0263311007", new ClientFrame.Hello("s-1", new Dictionary<string, long> { ["c1"] = 7 }) },
        { "0A11120F0A03612D3112040A0275311A026869", new ClientFrame.Send("a-1", Target.ToUser("u1"), "hi"u8.ToArray()) },
        {
            "0A2612240A03612E321204120263311A0C3C623E22C3A45C0A3C2F623E2209746578742F68746D6C",
            new ClientFrame.Send("a.2", Target.ToConversation("c1"), "<b>\"ä\\\n</b>"u8.ToArray(), "text/html")
        },
        { "0A0C120A0A02613312040A027531", new ClientFrame.Send("a3", Target.ToUser("u1"), ReadOnlyMemory<byte>.Empty) },
        { "0A0F1A0D0A026331108180808080808010", new ClientFrame.Ack("c1", 9007199254740993) },
        { "0A0822060A0263311005", new ClientFrame.Read("c1", 5) },
        { "0A082A060A040A027531", new ClientFrame.Typing(Target.ToUser("u1")) },
        { "0A0A32080A0275310A027532", new ClientFrame.Watch(["u1", "u2"]) },
        { "0A0832060A0275311001", new ClientFrame.Watch(["u1"], Off: true) },
        { "0A083A060A0461776179", new ClientFrame.Status("away") },
        { "0A024200", new ClientFrame.Ping() },
        { "0A024A00", new ClientFrame.Bye() },
    };

    public static TheoryData<string, ServerFrame> Server { get; } = new()
    {
        {
            "0A370A350A027531120264311A026B31201E2880D095FFBC31320C77733A2F2F612F76312F7773320C77733A2F2F622F76312F77733A026C31",
            new ServerFrame.Welcome("u1", "d1", "k1", 30, 1700000000000, ["ws://a/v1/ws", "ws://b/v1/ws"], "l1")
        },
        { "0A1712150A02613112026331180322026D332880D095FFBC31", new ServerFrame.Accepted("a1", "c1", 3, "m3", 1700000000000) },
        { "0A0F1A0D0A0261311207626C6F636B6564", new ServerFrame.Rejected("a1", "blocked", false) },
        { "0A171A150A026131120B756E617661696C61626C6518012000", new ServerFrame.Rejected("a1", "unavailable", true, 0) },
        {
            "0A2922270A02633110031A026D33220275323204C3A40A223A0A746578742F706C61696E4080D095FFBC31",
            new ServerFrame.Message("c1", 3, "m3", "u2", null, "ä\n\""u8.ToArray(), "text/plain", 1700000000000)
        },
        {
            "0A2522230A02633110AC021A026D33220275322A0261313201783A09746578742F68746D6C4001",
            new ServerFrame.Message("c1", 300, "m3", "u2", "a1", "x"u8.ToArray(), "text/html", 1)
        },
        { "0A022A00", new ServerFrame.Synced() },
        { "0A0E320C0A0263311202753218042002", new ServerFrame.Receipt("c1", "u2", 4, 2) },
        { "0A0C320A0A026331120275321800", new ServerFrame.Receipt("c1", "u2", 0, null) },
        { "0A1A3A180A026331120567726F75701A015422080A0275310A027532", new ServerFrame.ConversationChanged("c1", "group", "T", ["u1", "u2"]) },
        { "0A0F3A0D0A026331120567726F75702200", new ServerFrame.ConversationChanged("c1", "group", null, []) },
        { "0A0E3A0C0A0263311206646972656374", new ServerFrame.ConversationChanged("c1", "direct", null, null) },
        { "0A10420E0A02753212086163636570746564", new ServerFrame.ContactChanged("u2", "accepted") },
        { "0A114A0F0A02753212076F66666C696E651805", new ServerFrame.Presence("u2", "offline", 5) },
        { "0A0E4A0C0A02753212066F6E6C696E65", new ServerFrame.Presence("u2", "online", null) },
        { "0A0A52080A02633112027532", new ServerFrame.Typing("c1", "u2") },
        { "0A045A020805", new ServerFrame.Pong(5) },
        { "0A1262100A096261645F6672616D651203776879", new ServerFrame.Error("bad_frame", "why") },
        { "0A166A1408F40710F4031A0C77733A2F2F622F76312F7773", new ServerFrame.Bye(1012, 500, "ws://b/v1/ws") },
        { "0A056A0308B122", new ServerFrame.Bye(4401) },
    };

    [Theory]
    [MemberData(nameof(Client), DisableDiscoveryEnumeration = true)]
    public void A_client_frame_has_these_bytes(string hex, ClientFrame frame)
    {
        Assert.Equal(hex, Convert.ToHexString(Written.In(FrameFormat.Protobuf, frame)));
        Assert.Equal(Written.Told(frame), Written.Told(Assert.Single(Written.Read(FrameFormat.Protobuf, Convert.FromHexString(hex)))));
    }

    [Theory]
    [MemberData(nameof(Server), DisableDiscoveryEnumeration = true)]
    public void A_server_frame_has_these_bytes(string hex, ServerFrame frame)
    {
        Assert.Equal(hex, Convert.ToHexString(Written.In(FrameFormat.Protobuf, frame)));
        Assert.Equal(Written.Told(frame), Written.Told(Assert.Single(Written.ReadServer(FrameFormat.Protobuf, Convert.FromHexString(hex)))));
    }

    [Fact]
    public void Every_kind_of_frame_has_its_golden_bytes()
    {
        Assert.Equal(KindsOf(typeof(ClientFrame)), Client.Select(row => row.Data.Item2.GetType().Name).ToHashSet().Order());
        Assert.Equal(KindsOf(typeof(ServerFrame)), Server.Select(row => row.Data.Item2.GetType().Name).ToHashSet().Order());
    }

    private static IEnumerable<string> KindsOf(Type frame) => frame.GetNestedTypes().Where(kind => kind.IsSubclassOf(frame)).Select(kind => kind.Name).Order();
}
