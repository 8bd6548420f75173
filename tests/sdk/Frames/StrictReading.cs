using System.Text;
using Im.Protocol;
using Im.Protocol.Json;

namespace Im.Client.Tests.Frames;

/// <summary>What the gateway's reader refuses, with which code, and whether the sender can be told by the id of his message.</summary>
public class StrictReading
{
    private const string Good = "\"t\":\"send\",\"id\":\"a1\",\"to\":{\"user\":\"u1\"},\"body\":\"x\"";

    [Theory]
    // Missing, unknown, double.
    [InlineData("""{"t":"send","id":"a1","to":{"user":"u1"}}""", "bad_frame", "a1")]
    [InlineData("""{"t":"send","to":{"user":"u1"},"body":"x"}""", "bad_frame", null)]
    [InlineData("""{"t":"send","id":"a1","to":{"user":"u1"},"body":"x","more":1}""", "bad_frame", "a1")]
    [InlineData("""{"t":"send","id":"a1","to":{"user":"u1"},"body":"x","more":{"deep":[1,{}]}}""", "bad_frame", "a1")]
    [InlineData("""{"t":"send","id":"a1","to":{"user":"u1"},"body":"x","seq":1}""", "bad_frame", "a1")]
    [InlineData("""{"t":"send","id":"a1","to":{"user":"u1"},"body":"x","body":"y"}""", "bad_frame", "a1")]
    [InlineData("""{"t":"send","id":"a1","id":"a2","to":{"user":"u1"},"body":"x"}""", "bad_frame", null)]
    [InlineData("""{"t":"send","t":"send","id":"a1","to":{"user":"u1"},"body":"x"}""", "bad_frame", "a1")]
    [InlineData("""{"t":"nothing","id":"a1"}""", "bad_frame", "a1")]
    [InlineData("""{"id":"a1"}""", "bad_frame", "a1")]
    [InlineData("{}", "bad_frame", null)]
    [InlineData("""{"t":"ping","x":1}""", "bad_frame", null)]
    [InlineData("""{"t":"ack","c":"c1","seq":1,"id":"a1"}""", "bad_frame", "a1")]
    // Wrong types.
    [InlineData("""{"t":1,"id":"a1"}""", "bad_frame", "a1")]
    [InlineData("""{"t":"send","id":7,"to":{"user":"u1"},"body":"x"}""", "bad_frame", null)]
    [InlineData("""{"t":"send","id":null,"to":{"user":"u1"},"body":"x"}""", "bad_frame", null)]
    [InlineData("""{"t":"send","id":"a1","to":"u1","body":"x"}""", "bad_frame", "a1")]
    [InlineData("""{"t":"send","id":"a1","to":{},"body":"x"}""", "bad_frame", "a1")]
    [InlineData("""{"t":"send","id":"a1","to":{"user":"u1","conversation":"c1"},"body":"x"}""", "bad_frame", "a1")]
    [InlineData("""{"t":"send","id":"a1","to":{"user":"u1","user":"u2"},"body":"x"}""", "bad_frame", "a1")]
    [InlineData("""{"t":"send","id":"a1","to":{"user":null},"body":"x"}""", "bad_frame", "a1")]
    [InlineData("""{"t":"send","id":"a1","to":{"other":"u1"},"body":"x"}""", "bad_frame", "a1")]
    [InlineData("""{"t":"send","id":"a1","to":{"\ud800":"u1"},"body":"x"}""", "bad_frame", "a1")]
    [InlineData("""{"t":"send","id":"a1","to":{"user":"u1"},"body":1}""", "bad_frame", "a1")]
    [InlineData("""{"t":"send","id":"a1","to":{"user":"u1"},"body":null}""", "bad_frame", "a1")]
    [InlineData("""{"t":"send","id":"a1","to":{"user":"u1"},"body":{"a":1}}""", "bad_frame", "a1")]
    [InlineData("""{"t":"send","id":"a1","to":{"user":"u1"},"body":"x","type":""}""", "bad_frame", "a1")]
    [InlineData("""{"t":"send","id":"a1","to":{"user":"u1"},"body":"x","type":"ä"}""", "bad_frame", "a1")]
    [InlineData("""{"t":"send","id":"a1","to":{"user":"u1"},"body":"x","type":null}""", "bad_frame", "a1")]
    [InlineData("""{"t":"ack","c":"c1","seq":"1"}""", "bad_frame", null)]
    [InlineData("""{"t":"ack","c":"c1","seq":1.5}""", "bad_frame", null)]
    [InlineData("""{"t":"ack","c":"c1","seq":1e2}""", "bad_frame", null)]
    [InlineData("""{"t":"ack","c":"c1","seq":-1}""", "bad_frame", null)]
    [InlineData("""{"t":"ack","c":"c1","seq":9223372036854775808}""", "bad_frame", null)]
    [InlineData("""{"t":"ack","c":["c1"],"seq":1}""", "bad_frame", null)]
    [InlineData("""{"t":"hello","session":"s","cursors":[]}""", "bad_frame", null)]
    [InlineData("""{"t":"hello","session":"s","cursors":{"c1":"7"}}""", "bad_frame", null)]
    [InlineData("""{"t":"hello","session":"s","cursors":{"c1":-7}}""", "bad_frame", null)]
    [InlineData("""{"t":"hello","session":"s","cursors":{"c1":7,"c1":8}}""", "bad_frame", null)]
    [InlineData("""{"t":"hello","session":"s","cursors":{"\ud800":7}}""", "bad_text", null)]
    [InlineData("""{"t":"watch","users":"u1"}""", "bad_frame", null)]
    [InlineData("""{"t":"watch","users":["u1",2]}""", "bad_frame", null)]
    [InlineData("""{"t":"watch","users":["u1",["u2"]]}""", "bad_frame", null)]
    [InlineData("""{"t":"watch","users":["u1"],"off":"true"}""", "bad_frame", null)]
    [InlineData("""{"t":"status","status":{}}""", "bad_frame", null)]
    [InlineData("1", "bad_frame", null)]
    [InlineData("null", "bad_frame", null)]
    [InlineData("\"ping\"", "bad_frame", null)]
    // Text.
    [InlineData("""{"t":"send","id":"a1","to":{"user":"u1"},"body":"a\u0000b"}""", "bad_text", "a1")]
    [InlineData("""{"t":"send","id":"a1","to":{"user":"u1"},"body":"\ud83d"}""", "bad_text", "a1")]
    [InlineData("""{"t":"send","id":"a1","to":{"user":"u1"},"body":"\ude00\ud83d"}""", "bad_text", "a1")]
    [InlineData("""{"t":"send","id":"a1","to":{"user":"\ud83d"},"body":"x"}""", "bad_text", "a1")]
    [InlineData("""{"t":"send","id":"\ud83d","to":{"user":"u1"},"body":"x"}""", "bad_text", null)]
    [InlineData("""{"t":"send","id":"a1","to":{"user":"u1"},"body":"x","\ud83d":1}""", "bad_frame", "a1")]
    // Ids.
    [InlineData("""{"t":"send","id":"","to":{"user":"u1"},"body":"x"}""", "bad_frame", null)]
    [InlineData("""{"t":"send","id":"a b","to":{"user":"u1"},"body":"x"}""", "bad_frame", "a b")]
    [InlineData("""{"t":"send","id":"ä","to":{"user":"u1"},"body":"x"}""", "bad_frame", "ä")]
    [Trait("abuse", "19")]
    public void A_faulty_frame_is_refused_with_its_code_and_the_id_where_one_can_be_read(string json, string code, string? id)
    {
        var read = Assert.Single(GoldenFrames.Read(json));
        Assert.Null(read.Frame);
        Assert.Equal((code, id), (read.Code, read.Id));
    }

    [Theory]
    [InlineData("{" + Good + "} x")]
    [InlineData("{" + Good + "}{" + Good + "}")]
    [InlineData("{" + Good + ",}")]
    [InlineData("{" + Good)]
    public void A_lone_frame_that_is_no_clean_json_is_refused_once_and_not_carried_out(string json)
    {
        var read = Assert.Single(GoldenFrames.Read(json));
        Assert.Equal((null, "bad_frame", "a1"), (read.Frame, read.Code, read.Id));
    }

    [Theory]
    [InlineData("")]
    [InlineData("   ")]
    [InlineData("{")]
    [InlineData("/* comment */{}")]
    [InlineData("{'t':'ping'}")]
    [InlineData("\uFEFF{\"t\":\"ping\"}")]
    [InlineData("[[[[[[[[[[1]]]]]]]]]]")]
    public void What_is_no_json_is_one_fault(string json) => Assert.Equal(Codes.BadFrame, Assert.Single(GoldenFrames.Read(json)).Code);

    [Fact]
    public void One_faulty_frame_of_an_array_does_not_hurt_the_others()
    {
        var read = GoldenFrames.Read($$"""[{"t":"ping"},{"t":"what","id":"b1"},3,[{"t":"ping"}],{{{Good}}},{"t":"bye"}]""");
        Assert.Equal(["Ping", "bad_frame b1", "bad_frame ", "bad_frame ", "Send", "Bye"], read.Select(Name));
    }

    [Fact]
    public void Broken_json_in_an_array_spoils_what_lies_behind_it_and_nothing_before()
    {
        var read = GoldenFrames.Read($$"""[{{{Good}}},{"t":"send","id":"b1","to":,{"t":"ping"}]""");
        Assert.Equal(["Send", "bad_frame b1"], read.Select(Name));
    }

    [Fact]
    public void Behind_an_array_nothing_may_follow()
    {
        Assert.Equal(["Ping", "bad_frame "], GoldenFrames.Read("""[{"t":"ping"}] {"t":"ping"}""").Select(Name));
        Assert.Empty(GoldenFrames.Read("[]"));
    }

    [Fact]
    public void A_body_has_at_most_16_KiB_of_utf8_however_it_is_escaped()
    {
        static string Send(string body) => $$"""{"t":"send","id":"a1","to":{"user":"u1"},"body":"{{body}}"}""";
        Assert.NotNull(Assert.Single(GoldenFrames.Read(Send(new string('x', Limits.BodyBytes)))).Frame);
        Assert.NotNull(Assert.Single(GoldenFrames.Read(Send(string.Concat(Enumerable.Repeat("\\u00e4", Limits.BodyBytes / 2))))).Frame);
        Assert.Equal(Codes.TooBig, Assert.Single(GoldenFrames.Read(Send(new string('x', Limits.BodyBytes + 1)))).Code);
        Assert.Equal(Codes.TooBig, Assert.Single(GoldenFrames.Read(Send(new string('ä', Limits.BodyBytes / 2 + 1)))).Code);
    }

    [Fact]
    public void A_watch_names_at_most_a_thousand_users()
    {
        static string Watch(int users) => $$"""{"t":"watch","users":[{{string.Join(',', Enumerable.Range(0, users).Select(user => $"\"{user}\""))}}]}""";
        Assert.NotNull(Assert.Single(GoldenFrames.Read(Watch(1000))).Frame);
        Assert.Equal(Codes.TooBig, Assert.Single(GoldenFrames.Read(Watch(1001))).Code);
    }

    [Fact]
    public void Names_and_values_may_be_escaped_as_json_allows()
    {
        var send = Assert.IsType<ClientFrame.Send>(Assert.Single(GoldenFrames.Read("""{"\u0074":"send","id":"a\u0031","to":{"us\u0065r":"u1"},"body":"\ud83d\ude00"}""")).Frame);
        Assert.Equal(("a1", "u1", "😀"), (send.Id, send.To.User, Encoding.UTF8.GetString(send.Body.Span)));
        var hello = Assert.IsType<ClientFrame.Hello>(Assert.Single(GoldenFrames.Read("""{"t":"hello","session":"s","cursors":{"c\u0031":7}}""")).Frame);
        Assert.Equal(7, hello.Cursors!["c1"]);
    }

    [Fact]
    public void Bytes_that_are_no_utf8_are_refused()
    {
        byte[] json = [.. "{\"t\":\"send\",\"id\":\"a1\",\"to\":{\"user\":\"u1\"},\"body\":\""u8, 0xC3, 0x28, .. "\"}"u8];
        var read = new List<ParsedFrame>();
        ClientFrameJson.Read(json, read);
        Assert.Equal((Codes.BadText, "a1"), (Assert.Single(read).Code, read[0].Id));
    }

    private static string Name(ParsedFrame read) => read.Frame?.GetType().Name ?? $"{read.Code} {read.Id}";
}
