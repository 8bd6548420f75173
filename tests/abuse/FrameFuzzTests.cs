using System.Text;
using Im.Protocol;
using Im.Protocol.Json;

namespace Im.Abuse.Tests;

/// <summary>Whatever bytes a client sends, the reader answers with frames or with documented faults: it never throws and never takes both from one frame.</summary>
public sealed class FrameFuzzTests
{
    private const int Inputs = 100_000;

    private static readonly string[] Seeds =
    [
        """{"t":"hello","session":"AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA","cursors":{"d12-34":7,"g5":9007199254740993}}""",
        """{"t":"send","id":"a-1","to":{"user":"12"},"body":"h\u00e9 \ud83d\ude00","type":"text/plain"}""",
        """[{"t":"ack","c":"d12-34","seq":5},{"t":"read","c":"g5","seq":9223372036854775807},{"t":"ping"}]""",
        """{"t":"watch","users":["1","2"],"off":true}""",
        """{"t":"typing","to":{"conversation":"g5"}}""",
        """{"t":"status","status":"away"}""",
        """{"t":"bye"}""",
    ];

    private static readonly string[] Tokens =
    [
        "{", "}", "[", "]", ":", ",", "\"", "\\", "\\u0000", "\\ud800", "null", "true", "1e999", "-1", "9223372036854775808", "NaN", "\"t\"", "\"id\"", "\"body\"",
        "\"$type\"", "//", "/*", "\0", "\u00ff", "[[[[[[[[[[[[[[[[", "\"seq\":1,\"seq\":2",
    ];

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [Trait("abuse", "17")]
    public void Mutated_frames_are_read_or_refused_with_a_documented_code(int seed)
    {
        var random = new Random(seed);
        var parsed = new List<ParsedFrame>();
        var (frames, faults) = (0, 0);
        for (var count = 0; count < Inputs; count++)
        {
            var input = Mutate(random);
            parsed.Clear();
            ClientFrameJson.Read(input, parsed);
            foreach (var one in parsed)
            {
                Assert.True(one.Frame is null != one.Code is null, $"neither or both: {Convert.ToHexString(input)}");
                Assert.True(one.Code is null or Codes.BadFrame or Codes.BadText or Codes.TooBig, $"{one.Code}: {Convert.ToHexString(input)}");
                Assert.True(one.Id is not { Length: 0 or > Limits.IdLength }, $"an id that cannot be told: {Convert.ToHexString(input)}");
                if (one.Frame is null) faults++;
                else frames++;
            }
        }

        // A fuzz whose inputs are all good, or all bad, tries nothing.
        Assert.True(frames > Inputs / 100 && faults > Inputs / 10, $"{frames} frames, {faults} faults");
    }

    [Theory]
    [InlineData("""{"t":"read","c":"g5","seq":1,"user":"7"}""")]
    [InlineData("""{"t":"ack","c":"g5","seq":1,"device":"7"}""")]
    [InlineData("""{"t":"status","status":"away","user":"7"}""")]
    [InlineData("""{"t":"presence","user":"7","status":"offline"}""")]
    [InlineData("""{"t":"receipt","c":"g5","user":"7","read":9}""")]
    [InlineData("""{"t":"typing","c":"g5","user":"7"}""")]
    [InlineData("""{"t":"send","id":"a","to":{"user":"7"},"body":"x","from":"8"}""")]
    [Trait("abuse", "55")]
    public void A_frame_speaks_for_its_session_alone(string frame) => Assert.Equal(Codes.BadFrame, Only(frame).Code);

    [Theory]
    [InlineData("""{"$type":"Im.Protocol.ClientFrame+Ping, Im.Protocol","t":"ping"}""")]
    [InlineData("""{"t":"ping","$id":"1"}""")]
    [InlineData("""{"t":"send","id":"a","to":{"user":"7","$type":"x"},"body":"x"}""")]
    [InlineData("""{"t":"send","id":"a","to":["7"],"body":"x"}""")]
    [InlineData("""{"t":"send","id":"a","to":{"user":"7"},"body":["x"]}""")]
    [InlineData("""{"t":["ping"]}""")]
    [Trait("abuse", "20")]
    public void A_frame_cannot_choose_what_it_becomes(string frame) => Assert.Equal(Codes.BadFrame, Only(frame).Code);

    private static ParsedFrame Only(string frame)
    {
        var parsed = new List<ParsedFrame>();
        ClientFrameJson.Read(Encoding.UTF8.GetBytes(frame), parsed);
        return Assert.Single(parsed);
    }

    private static byte[] Mutate(Random random)
    {
        var bytes = new List<byte>(Encoding.UTF8.GetBytes(Seeds[random.Next(Seeds.Length)]));
        for (var changes = random.Next(4); changes > 0 && bytes.Count > 0; changes--)
        {
            var place = random.Next(bytes.Count);
            switch (random.Next(6))
            {
                case 0: bytes[place] = (byte)random.Next(256); break;
                case 1: bytes.RemoveAt(place); break;
                case 2: bytes.InsertRange(place, Encoding.UTF8.GetBytes(Tokens[random.Next(Tokens.Length)])); break;
                case 3: bytes.RemoveRange(place, bytes.Count - place); break;
                case 4: bytes.InsertRange(place, bytes.GetRange(place, Math.Min(random.Next(20), bytes.Count - place))); break;
                default: bytes.AddRange(Encoding.UTF8.GetBytes(Tokens[random.Next(Tokens.Length)])); break;
            }
        }

        return [.. bytes];
    }
}
