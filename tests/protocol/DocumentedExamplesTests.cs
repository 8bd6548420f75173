using System.Reflection;
using System.Text;

namespace Im.Protocol.Tests;

/// <summary>The frames that docs/protocol.md shows in both subprotocols say the same, byte for byte.</summary>
public sealed class DocumentedExamplesTests
{
    private static readonly string Contract = Path.Combine(
        typeof(DocumentedExamplesTests).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(attribute => attribute.Key == "RepositoryRoot").Value!,
        "docs", "protocol.md");

    [Fact]
    public void A_frame_in_json_stands_above_the_same_frame_in_protobuf()
    {
        var lines = File.ReadAllLines(Contract);
        var examples = lines.Zip(lines.Skip(1)).Where(pair => pair.First.StartsWith("        {\"t\":", StringComparison.Ordinal)).ToList();
        Assert.Equal(["send", "accepted"], examples.Select(example => KindOf(example.First)));
        foreach (var (json, hex) in examples)
        {
            var bytes = Convert.FromHexString(hex.Replace(" ", "", StringComparison.Ordinal));
            if (Assert.Single(Written.Read(FrameFormat.Json, Encoding.UTF8.GetBytes(json))).Frame is { } client)
            {
                Assert.Equal(Written.Told(client), Written.Told(Assert.Single(Written.Read(FrameFormat.Protobuf, bytes))));
                Assert.Equal(bytes, Written.In(FrameFormat.Protobuf, client));
            }
            else
            {
                var server = Assert.Single(Written.ReadServer(FrameFormat.Json, Encoding.UTF8.GetBytes(json)));
                Assert.Equal(Written.Told(server), Written.Told(Assert.Single(Written.ReadServer(FrameFormat.Protobuf, bytes))));
                Assert.Equal(bytes, Written.In(FrameFormat.Protobuf, server));
            }
        }
    }

    private static string KindOf(string json)
    {
        using var frame = System.Text.Json.JsonDocument.Parse(json);
        return frame.RootElement.GetProperty("t").GetString()!;
    }
}
