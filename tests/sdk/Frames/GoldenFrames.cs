using System.Buffers;
using System.Text;
using Im.Protocol;
using Im.Protocol.Json;

namespace Im.Client.Tests.Frames;

/// <summary>The bytes that clients outside this repository rely on: a change here is a change of the contract.</summary>
public class GoldenFrames
{
    public static readonly TheoryData<string, ClientFrame> Client = new()
    {
        { """{"t":"hello","session":"s-1"}""", new ClientFrame.Hello("s-1") },
        { """{"t":"hello","session":"s-1","cursors":{"c1":7,"c2":0}}""", new ClientFrame.Hello("s-1", new Dictionary<string, long> { ["c1"] = 7, ["c2"] = 0 }) },
        { """{"t":"send","id":"a-1","to":{"user":"u1"},"body":"hi"}""", new ClientFrame.Send("a-1", Target.ToUser("u1"), "hi"u8.ToArray()) },
        { """{"t":"send","id":"a.2","to":{"conversation":"c1"},"body":"<b>\"ä\\\n</b>","type":"text/html"}""", new ClientFrame.Send("a.2", Target.ToConversation("c1"), "<b>\"ä\\\n</b>"u8.ToArray(), "text/html") },
        { """{"t":"send","id":"a3","to":{"user":"u1"},"body":""}""", new ClientFrame.Send("a3", Target.ToUser("u1"), ReadOnlyMemory<byte>.Empty) },
        { """{"t":"ack","c":"c1","seq":9007199254740993}""", new ClientFrame.Ack("c1", 9007199254740993) },
        { """{"t":"read","c":"c1","seq":5}""", new ClientFrame.Read("c1", 5) },
        { """{"t":"typing","to":{"user":"u1"}}""", new ClientFrame.Typing(Target.ToUser("u1")) },
        { """{"t":"watch","users":["u1","u2"]}""", new ClientFrame.Watch(["u1", "u2"]) },
        { """{"t":"watch","users":["u1"],"off":true}""", new ClientFrame.Watch(["u1"], Off: true) },
        { """{"t":"status","status":"away"}""", new ClientFrame.Status("away") },
        { """{"t":"ping"}""", new ClientFrame.Ping() },
        { """{"t":"bye"}""", new ClientFrame.Bye() },
    };

    public static readonly TheoryData<string, ServerFrame> Server = new()
    {
        {
            """{"t":"welcome","user":"u1","device":"d1","connection":"k1","heartbeat":30,"time":1700000000000,"gateways":["ws://a/v1/ws","ws://b/v1/ws"],"log":"l1"}""",
            new ServerFrame.Welcome("u1", "d1", "k1", 30, 1700000000000, ["ws://a/v1/ws", "ws://b/v1/ws"], "l1")
        },
        { """{"t":"accepted","id":"a1","c":"c1","seq":3,"mid":"m3","time":1700000000000}""", new ServerFrame.Accepted("a1", "c1", 3, "m3", 1700000000000) },
        { """{"t":"rejected","id":"a1","code":"blocked","retryable":false}""", new ServerFrame.Rejected("a1", "blocked", false) },
        { """{"t":"rejected","id":"a1","code":"unavailable","retryable":true,"retryAfterMs":250}""", new ServerFrame.Rejected("a1", "unavailable", true, 250) },
        {
            """{"t":"message","c":"c1","seq":3,"mid":"m3","from":"u2","body":"ä\n\"","type":"text/plain","time":1700000000000}""",
            new ServerFrame.Message("c1", 3, "m3", "u2", null, "ä\n\""u8.ToArray(), "text/plain", 1700000000000)
        },
        {
            """{"t":"message","c":"c1","seq":3,"mid":"m3","from":"u2","id":"a1","body":"x","type":"text/html","time":1}""",
            new ServerFrame.Message("c1", 3, "m3", "u2", "a1", "x"u8.ToArray(), "text/html", 1)
        },
        { """{"t":"synced"}""", new ServerFrame.Synced() },
        { """{"t":"receipt","c":"c1","user":"u2","delivered":4,"read":2}""", new ServerFrame.Receipt("c1", "u2", 4, 2) },
        { """{"t":"receipt","c":"c1","user":"u2","delivered":4}""", new ServerFrame.Receipt("c1", "u2", 4, null) },
        { """{"t":"conversation","c":"c1","kind":"group","title":"T","members":["u1","u2"]}""", new ServerFrame.ConversationChanged("c1", "group", "T", ["u1", "u2"]) },
        { """{"t":"conversation","c":"c1","kind":"direct"}""", new ServerFrame.ConversationChanged("c1", "direct", null, null) },
        { """{"t":"contact","user":"u2","state":"accepted"}""", new ServerFrame.ContactChanged("u2", "accepted") },
        { """{"t":"presence","user":"u2","status":"offline","lastSeen":5}""", new ServerFrame.Presence("u2", "offline", 5) },
        { """{"t":"presence","user":"u2","status":"online"}""", new ServerFrame.Presence("u2", "online", null) },
        { """{"t":"typing","c":"c1","user":"u2"}""", new ServerFrame.Typing("c1", "u2") },
        { """{"t":"pong","time":5}""", new ServerFrame.Pong(5) },
        { """{"t":"error","code":"bad_frame","detail":"why"}""", new ServerFrame.Error("bad_frame", "why") },
        { """{"t":"bye","code":1012,"reconnectAfterMs":500,"gateway":"ws://b/v1/ws"}""", new ServerFrame.Bye(1012, 500, "ws://b/v1/ws") },
        { """{"t":"bye","code":4401}""", new ServerFrame.Bye(4401) },
    };

    [Theory]
    [MemberData(nameof(Client), DisableDiscoveryEnumeration = true)]
    public void A_client_frame_is_written_as_the_contract_says_and_read_back(string json, ClientFrame frame)
    {
        Assert.Equal(json, Written(frame));
        var read = Assert.Single(Read(json));
        Assert.Null(read.Code);
        Assert.Equal(json, Written(read.Frame!));
    }

    [Theory]
    [MemberData(nameof(Server), DisableDiscoveryEnumeration = true)]
    public void A_server_frame_is_written_as_the_contract_says_and_read_back(string json, ServerFrame frame)
    {
        Assert.Equal(json, Written(frame));
        var read = new List<ServerFrame>();
        ServerFrameJson.Read(Encoding.UTF8.GetBytes(json), read);
        Assert.Equal(json, Written(Assert.Single(read)));
        Assert.Equal(frame.GetType(), read[0].GetType());
    }

    [Fact]
    public void Every_kind_of_frame_has_its_golden_bytes()
    {
        Assert.Equal(KindsOf(typeof(ClientFrame)), Client.Select(row => row.Data.Item2.GetType().Name).ToHashSet().Order());
        Assert.Equal(KindsOf(typeof(ServerFrame)), Server.Select(row => row.Data.Item2.GetType().Name).ToHashSet().Order());
    }

    private static IEnumerable<string> KindsOf(Type frame) => frame.GetNestedTypes().Where(kind => kind.IsSubclassOf(frame)).Select(kind => kind.Name).Order();

    [Fact]
    public void A_client_skips_fields_and_frames_that_it_does_not_know()
    {
        var read = new List<ServerFrame>();
        ServerFrameJson.Read(
            """[{"t":"later","user":{"deep":[1]},"seq":"x","time":null,"gateways":3,"retryable":9,"body":[]},{"t":"pong","time":5,"more":{"a":[{}]}}]"""u8, read);
        Assert.Equal(new ServerFrame.Pong(5), Assert.Single(read));
    }

    [Theory]
    [InlineData("""{"t":"message","c":"c1","mid":"m","from":"u","body":"x","time":1}""")]
    [InlineData("""{"t":"message","c":"c1","seq":"3","mid":"m","from":"u","body":"x","time":1}""")]
    [InlineData("""{"t":"accepted","c":"c1","seq":3,"mid":"m","time":1}""")]
    [InlineData("""{"t":"pong","time":""")]
    [InlineData("[1]")]
    public void A_known_frame_without_what_it_must_have_is_a_fault_of_the_server(string json) =>
        Assert.ThrowsAny<System.Text.Json.JsonException>(() => ServerFrameJson.Read(Encoding.UTF8.GetBytes(json), new List<ServerFrame>()));

    internal static List<ParsedFrame> Read(string json)
    {
        var read = new List<ParsedFrame>();
        ClientFrameJson.Read(Encoding.UTF8.GetBytes(json), read);
        return read;
    }

    private static string Written(ClientFrame frame)
    {
        var json = new ArrayBufferWriter<byte>();
        ClientFrameJson.Write(json, frame);
        return Encoding.UTF8.GetString(json.WrittenSpan);
    }

    private static string Written(ServerFrame frame)
    {
        var json = new ArrayBufferWriter<byte>();
        ServerFrameJson.Write(json, frame);
        return Encoding.UTF8.GetString(json.WrittenSpan);
    }
}
