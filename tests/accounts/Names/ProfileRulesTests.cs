using Im.Contracts.Accounts;

namespace Im.Accounts.Tests.Names;

public sealed class ProfileRulesTests
{
    public static TheoryData<string, bool> DisplayNames => new()
    {
        { "A", true }, { "Ann Lee", true }, { "<b>Ann</b>", true }, { "=cmd|' /C calc'!A0", true }, { "😀", true }, { new string('x', 64), true },
        { string.Concat(Enumerable.Repeat("😀", 64)), true },
        { "", false }, { "   ", false }, { "\u00A0", false }, { new string('x', 65), false }, { "a\nb", false }, { "a\0b", false }, { "\u001b[31m", false },
        { "a\uD800", false }, { "Z\u0300\u0301\u0302\u0303\u0304", true }, { "Z\u0300\u0301\u0302\u0303\u0304\u0305", false }, { "שָׁ֑לוֹם", true }, { "क्ष्म्यं", true },
    };

    [Theory]
    [MemberData(nameof(DisplayNames))]
    [Trait("abuse", "23")]
    [Trait("abuse", "28")]
    public void A_display_name_has_1_to_64_characters_and_no_controls(string text, bool valid) => Assert.Equal(valid, ProfileRules.DisplayNameFault(text) is null);

    public static TheoryData<string, bool> Bios => new()
    {
        { "", true }, { "two\nlines", true }, { new string('x', 500), true }, { new string('x', 501), false }, { "a\0b", false }, { "a\u001bb", false }, { "a" + new string('\u0489', 6), false },
    };

    [Theory]
    [MemberData(nameof(Bios))]
    public void A_bio_has_up_to_500_characters_and_no_controls_but_line_breaks(string text, bool valid) => Assert.Equal(valid, ProfileRules.BioFault(text) is null);

    [Theory]
    [InlineData("https://example.org/a.png", true)]
    [InlineData("http://127.0.0.1:8080/a?b=c#d", true)]
    [InlineData("ftp://example.org/a", false)]
    [InlineData("javascript:alert(1)", false)]
    [InlineData("data:image/png;base64,AAAA", false)]
    [InlineData("file:///etc/passwd", false)]
    [InlineData("/a.png", false)]
    [InlineData("//example.org/a.png", false)]
    [InlineData("example.org", false)]
    [InlineData("https://", false)]
    [InlineData("https://example.org/a b", false)]
    [InlineData("https://example.org/a\n", false)]
    public void An_avatar_is_an_absolute_http_address(string text, bool valid) => Assert.Equal(valid, ProfileRules.AvatarUrlFault(text) is null);

    [Fact]
    public void An_avatar_address_has_up_to_500_characters()
    {
        var start = "https://example.org/";
        Assert.Null(ProfileRules.AvatarUrlFault(start + new string('x', 500 - start.Length)));
        Assert.NotNull(ProfileRules.AvatarUrlFault(start + new string('x', 501 - start.Length)));
    }
}
