using Im.Message.Log;
using Im.Protocol;

namespace Im.Message.Tests.Log;

public sealed class ContentPrintTests
{
    [Fact]
    public void Each_type_and_body_has_a_print_of_its_own()
    {
        var prints = new[]
        {
            ContentPrint.Of(null, ""u8), ContentPrint.Of(null, "a"u8), ContentPrint.Of("", "a"u8), ContentPrint.Of("a", ""u8), ContentPrint.Of("a", "b"u8),
            ContentPrint.Of("ab", ""u8), ContentPrint.Of(null, "ab"u8), ContentPrint.Of("text/plain", "a"u8), ContentPrint.Of(null, "A"u8), default,
        };
        Assert.Equal(prints.Length, prints.Distinct().Count());
    }

    [Theory]
    [InlineData(null)]
    [InlineData("text/markdown")]
    public void The_print_of_a_message_is_that_of_its_row(string? type) =>
        Assert.Equal(ContentPrint.Of(type, "Grüße 𝄞"u8), ContentPrint.OfStored(type, "Grüße 𝄞"u8));

    [Fact]
    public void The_print_of_a_member_message_is_that_of_any_command() =>
        Assert.Equal(Asked.Add(Asked.Ann, Asked.Team, Asked.Bob).Content, ContentPrint.OfStored(Limits.MemberType, "{}"u8));
}
