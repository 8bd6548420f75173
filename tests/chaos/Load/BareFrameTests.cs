using System.Text;
using System.Text.Json;
using Im.Chaos.Journals;
using Im.Chaos.Load;

namespace Im.Chaos.Tests.Load;

public sealed class BareFrameTests
{
    private readonly BareFrame _frame = new(new Journal(TimeProvider.System));

    [Fact]
    public void A_message_is_read_with_all_that_the_contract_names()
    {
        Read("""{"t":"message","c":"g5","seq":7,"mid":"g5.7","from":"12","id":"s1-1","body":"s1-1 xxxx","type":"text/plain","time":1700000000000}""");

        Assert.Equal(("message", "g5", 7L, "g5.7", "12", "s1-1"), (_frame.Kind, _frame.Conversation, _frame.Seq, _frame.MessageId, _frame.From, _frame.Id));
        Assert.Equal("s1-1", _frame.Text);
        Assert.False(_frame.IsMember);
    }

    [Fact]
    public void A_member_message_is_one_with_its_body_as_it_is()
    {
        Read("""{"t":"message","c":"g5","seq":1,"mid":"g5.1","from":"12","body":"{\"joined\":[\"12\"]}","type":"application/vnd.im.member+json","time":1}""");

        Assert.True(_frame.IsMember);
        Assert.Equal("""{"joined":["12"]}""", _frame.Text);
    }

    [Fact]
    public void The_code_of_a_refusal_is_a_word_and_that_of_a_goodbye_a_number()
    {
        Read("""{"t":"rejected","id":"s1-1","code":"unavailable","retryable":true,"retryAfterMs":1000}""");
        Assert.Equal(("unavailable", true, 1000), (_frame.Code, _frame.Retryable, _frame.PauseMs));

        Read("""{"t":"bye","code":1012,"reconnectAfterMs":250,"gateway":"ws://127.0.0.1:1/v1/ws"}""");
        Assert.Equal(("bye", "", 250), (_frame.Kind, _frame.Code, _frame.PauseMs));
    }

    [Fact]
    public void A_receipt_has_what_was_said_and_nothing_of_the_frame_before_it()
    {
        Read("""{"t":"receipt","c":"d1-2","user":"2","delivered":9,"read":4}""");
        Assert.Equal((9L, 4L), (_frame.Delivered, _frame.Read));

        Read("""{"t":"receipt","c":"d1-2","user":"2","read":5}""");
        Assert.Null(_frame.Delivered);
    }

    [Fact]
    public void Fields_and_values_that_are_not_known_are_skipped()
    {
        Read("""{"new":{"t":"x","list":[1,{"c":"no"}]},"t":"welcome","user":"1","heartbeat":30,"gateways":["ws://a/v1/ws","ws://b/v1/ws"],"log":"l"}""");

        Assert.Equal(("welcome", ""), (_frame.Kind, _frame.Conversation));
        Assert.Equal(["ws://a/v1/ws", "ws://b/v1/ws"], _frame.Gateways);
    }

    [Fact]
    public void What_is_no_object_is_no_frame() => Assert.Throws<JsonException>(() => Read("7"));

    private void Read(string json)
    {
        var reader = new Utf8JsonReader(Encoding.UTF8.GetBytes(json));
        reader.Read();
        _frame.Fill(ref reader);
        Assert.Equal(JsonTokenType.EndObject, reader.TokenType);
    }
}
