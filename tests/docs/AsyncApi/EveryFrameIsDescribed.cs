using System.Reflection;
using System.Text;
using System.Text.Json.Nodes;
using Im.Protocol;
using Im.Protocol.Json;

namespace Im.Docs.Tests.AsyncApi;

/// <summary>docs/asyncapi.yaml against the code that writes and reads frames.</summary>
public sealed class EveryFrameIsDescribed
{
    public static TheoryData<string> Messages => new(SocketContract.Messages.Keys);

    [Fact]
    public void Every_kind_of_frame_is_a_message_of_the_document_and_no_other_is()
    {
        Assert.Equal(KindsOf(typeof(ClientFrame)), FrameSamples.Client.Select(sample => sample.Full.GetType().Name).Order());
        Assert.Equal(KindsOf(typeof(ServerFrame)), FrameSamples.Server.Select(sample => sample.Full.GetType().Name).Order());
        var written = FrameSamples.Client.Select(sample => $"client.{SocketContract.Written(sample.Full)["t"]}")
            .Concat(FrameSamples.Server.Select(sample => $"server.{SocketContract.Written(sample.Full)["t"]}")).Order(StringComparer.Ordinal).ToList();
        Assert.Equal(written, SocketContract.Messages.Keys.Order(StringComparer.Ordinal));
        Assert.Equal(written, SocketContract.Root["channels"]!["socket"]!["messages"]!.AsObject().Select(message => message.Key).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void A_frame_has_exactly_the_fields_that_are_written()
    {
        foreach (var (full, least) in FrameSamples.Client)
            AreThoseOf("client", SocketContract.Written(full), SocketContract.Written(least));
        foreach (var (full, least) in FrameSamples.Server)
            AreThoseOf("server", SocketContract.Written(full), SocketContract.Written(least));
    }

    [Fact]
    public void The_gateway_wants_the_fields_that_are_required_and_takes_no_others()
    {
        foreach (var (full, _) in FrameSamples.Client)
        {
            var frame = SocketContract.Written(full);
            Assert.Null(Read(frame).Code);
            var required = SocketContract.PayloadOf($"client.{frame["t"]}")["required"]!.AsArray().Select(name => name!.GetValue<string>()).ToList();
            foreach (var (name, _) in frame)
            {
                var less = frame.DeepClone().AsObject();
                less.Remove(name);
                Assert.Equal(required.Contains(name), Read(less).Code is not null);
            }

            frame["more"] = 1;
            Assert.Equal(Codes.BadFrame, Read(frame).Code);
            Assert.NotEmpty(SocketContract.FaultsOf("client", frame));
        }
    }

    [Theory]
    [MemberData(nameof(Messages))]
    public void Every_message_is_explained_and_its_examples_are_frames(string message)
    {
        var node = SocketContract.Messages[message];
        Assert.All((string[])["name", "title", "summary"], part => Assert.False(string.IsNullOrWhiteSpace(node[part]?.GetValue<string>()), part));
        var examples = node["examples"]!.AsArray().Select(example => example!["payload"]!.AsObject()).ToList();
        Assert.NotEmpty(examples);
        foreach (var example in examples)
        {
            Assert.Empty(SocketContract.Schema.FaultsOf(example, SocketContract.PayloadOf(message)));
            var again = message.StartsWith("client.", StringComparison.Ordinal) ? SocketContract.Written(Read(example).Frame!) : SocketContract.Written(ReadServer(example));
            Assert.True(JsonNode.DeepEquals(example, again), $"{example.ToJsonString()} was read and written as {again.ToJsonString()}");
        }
    }

    [Fact]
    public void Every_operation_carries_messages_and_every_message_belongs_to_one()
    {
        var carried = SocketContract.Root["operations"]!.AsObject().SelectMany(operation =>
            operation.Value!["messages"]!.AsArray().Concat(operation.Value["reply"]?["messages"]?.AsArray() ?? []).Select(message => (
                Direction: operation.Value["action"]!.GetValue<string>(), IsReply: message!.Parent!.Parent != operation.Value, Name: message["$ref"]!.GetValue<string>().Split('/')[^1])));
        var all = carried.ToList();
        Assert.All(all, one => Assert.StartsWith(one.Direction == "receive" && !one.IsReply ? "client." : "server.", one.Name, StringComparison.Ordinal));
        Assert.Equal(SocketContract.Messages.Keys.Order(StringComparer.Ordinal), all.Select(one => one.Name).Distinct().Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Codes_and_close_codes_are_those_of_the_program()
    {
        var ofHttpAlone = (string[])[Codes.Invalid, Codes.UsernameTaken, Codes.BadCredentials, Codes.TooMany, Codes.Unauthorized];
        var codes = Constants(typeof(Codes)).Cast<string>().Except(ofHttpAlone).Order(StringComparer.Ordinal);
        Assert.Equal(codes, SocketContract.Root["components"]!["schemas"]!["Code"]!["enum"]!.AsArray().Select(code => code!.GetValue<string>()).Order(StringComparer.Ordinal));
        var closing = SocketContract.Root["channels"]!["socket"]!["x-close-codes"]!.AsObject().Select(code => code.Key);
        Assert.Equal(Constants(typeof(CloseCodes)).Select(code => $"{code}").Order(StringComparer.Ordinal), closing.Order(StringComparer.Ordinal));
    }

    private static void AreThoseOf(string side, JsonObject full, JsonObject least)
    {
        var payload = SocketContract.PayloadOf($"{side}.{full["t"]}");
        Assert.Equal(full.Select(field => field.Key).Order(), SocketContract.Schema.Properties(payload).Keys.Order());
        Assert.Equal(least.Select(field => field.Key).Order(), payload["required"]!.AsArray().Select(name => name!.GetValue<string>()).Order());
        Assert.Empty(SocketContract.FaultsOf(side, full));
        Assert.Empty(SocketContract.FaultsOf(side, least));
    }

    private static ParsedFrame Read(JsonObject frame)
    {
        var read = new List<ParsedFrame>();
        ClientFrameJson.Read(Encoding.UTF8.GetBytes(frame.ToJsonString()), read);
        return Assert.Single(read);
    }

    private static ServerFrame ReadServer(JsonObject frame)
    {
        var read = new List<ServerFrame>();
        ServerFrameJson.Read(Encoding.UTF8.GetBytes(frame.ToJsonString()), read);
        return Assert.Single(read);
    }

    private static IEnumerable<string> KindsOf(Type frame) => frame.GetNestedTypes().Where(kind => kind.IsSubclassOf(frame)).Select(kind => kind.Name).Order();

    private static IEnumerable<object> Constants(Type type) =>
        type.GetFields(BindingFlags.Public | BindingFlags.Static).Where(field => field.IsLiteral).Select(field => field.GetRawConstantValue()!);
}
