using System.Buffers;
using System.Globalization;
using System.Text.Json.Nodes;
using Im.Protocol;
using Im.Protocol.Json;
using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace Im.Docs.Tests.AsyncApi;

/// <summary>docs/asyncapi.yaml, read, and the frames that it speaks of.</summary>
internal static class SocketContract
{
    public static JsonNode Root { get; } = Read(Path.Combine(Repository.Docs, "asyncapi.yaml"));

    public static Schema Schema { get; } = new(Root, closed: true);

    public static IReadOnlyDictionary<string, JsonNode> Messages { get; } =
        Root["components"]!["messages"]!.AsObject().ToDictionary(message => message.Key, message => message.Value!);

    public static JsonNode PayloadOf(string message) => Messages.TryGetValue(message, out var found)
        ? found["payload"]!
        : throw new InvalidOperationException($"docs/asyncapi.yaml has no message {message}");

    public static IEnumerable<string> FaultsOf(string side, JsonNode frame) =>
        Schema.FaultsOf(frame, PayloadOf($"{side}.{frame["t"]!.GetValue<string>()}"));

    public static JsonObject Written(ClientFrame frame)
    {
        var json = new ArrayBufferWriter<byte>();
        ClientFrameJson.Write(json, frame);
        return JsonNode.Parse(json.WrittenSpan)!.AsObject();
    }

    public static JsonObject Written(ServerFrame frame)
    {
        var json = new ArrayBufferWriter<byte>();
        ServerFrameJson.Write(json, frame);
        return JsonNode.Parse(json.WrittenSpan)!.AsObject();
    }

    private static JsonNode Read(string path)
    {
        var yaml = new YamlStream();
        using var text = File.OpenText(path);
        yaml.Load(text);
        return NodeOf(yaml.Documents[0].RootNode)!;
    }

    /// <summary>Plain scalars by the core schema of YAML 1.2, quoted ones as text.</summary>
    private static JsonNode? NodeOf(YamlNode node) => node switch
    {
        YamlMappingNode map => new JsonObject(map.Children.Select(child => KeyValuePair.Create(((YamlScalarNode)child.Key).Value!, NodeOf(child.Value)))),
        YamlSequenceNode list => new JsonArray([.. list.Children.Select(NodeOf)]),
        YamlScalarNode { Style: ScalarStyle.Plain, Value: "true" or "false" } flag => JsonValue.Create(flag.Value == "true"),
        YamlScalarNode { Style: ScalarStyle.Plain } plain when long.TryParse(plain.Value, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) =>
            JsonValue.Create(number),
        YamlScalarNode scalar => JsonValue.Create(scalar.Value),
        _ => throw new InvalidOperationException($"{node.Start}: {node.GetType().Name}"),
    };
}
