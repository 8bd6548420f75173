using Im.Contracts.Accounts;

namespace Im.Accounts.Tests.Names;

public sealed class UsernameTests
{
    [Theory]
    [InlineData("bob")]
    [InlineData("Bob.Builder_2-x")]
    [InlineData("123")]
    [InlineData("_x_")]
    [InlineData("a-1")]
    [InlineData("jürgen")]
    [InlineData("ñandú")]
    [InlineData("nguyễn")]
    [InlineData("straße")]
    [InlineData("γιάννης")]
    [InlineData("борис2")]
    [InlineData("אברהם")]
    [InlineData("محمد")]
    [InlineData("नमस्ते")]
    [InlineData("สมชาย")]
    [InlineData("山田太郎")]
    [InlineData("たなか山")]
    [InlineData("カタカナ")]
    [InlineData("김철수")]
    [InlineData("გიორგი")]
    [InlineData("abcdefghijklmnopqrstuvwxyz012345")]
    public void A_name_of_one_script_is_taken(string typed)
    {
        Assert.True(Username.TryParse(typed, out var name, out var fault), fault);
        Assert.Equal(name.Key, Username.KeyOf(name.Key));
    }

    [Theory]
    [InlineData(null, "nothing")]
    [InlineData("", "empty")]
    [InlineData("ab", "too short")]
    [InlineData("abcdefghijklmnopqrstuvwxyz0123456", "too long")]
    [InlineData("bo b", "blank")]
    [InlineData(" bob", "blank before")]
    [InlineData("bob ", "blank behind")]
    [InlineData("bo\u00A0b", "no-break space")]
    [InlineData("bo\u3000b", "ideographic space")]
    [InlineData("bo\tb", "tab")]
    [InlineData("bo\nb", "line feed")]
    [InlineData("bo\0b", "NUL")]
    [InlineData("bo\u007Fb", "delete")]
    [InlineData("bo\u0085b", "next line")]
    [InlineData("bo\u200Bb", "zero width space")]
    [InlineData("bo\u200Cb", "zero width non-joiner")]
    [InlineData("bo\u200Db", "zero width joiner")]
    [InlineData("bo\u2060b", "word joiner")]
    [InlineData("bo\uFEFFb", "byte order mark")]
    [InlineData("bo\u00ADb", "soft hyphen")]
    [InlineData("bo\u034Fb", "grapheme joiner")]
    [InlineData("bo\u180Eb", "vowel separator")]
    [InlineData("bo\u202Eb", "right-to-left override")]
    [InlineData("bo\u202Ab", "left-to-right embedding")]
    [InlineData("bo\u2066b", "left-to-right isolate")]
    [InlineData("bo\u200Fb", "right-to-left mark")]
    [InlineData("bo\u061Cb", "Arabic letter mark")]
    [InlineData("bo\u115Fb", "Hangul filler")]
    [InlineData("bo\u3164b", "Hangul filler")]
    [InlineData("bo\uFE0Fb", "variation selector")]
    [InlineData("bo\U000E0041b", "tag")]
    [InlineData("bo\uD800b", "lone surrogate")]
    [InlineData("bo\uDC00", "lone surrogate at the end")]
    [InlineData("bo\uFFFEb", "no character")]
    [InlineData("bo\uE000b", "private use")]
    [InlineData("b\u0430b", "Latin with a Cyrillic a")]
    [InlineData("p\u0430yp\u0430l", "homoglyphs")]
    [InlineData("bοb", "Latin with a Greek o")]
    [InlineData("bob山田", "Latin with Han")]
    [InlineData("аррӏе", "Cyrillic that looks like apple")]
    [InlineData("соса", "Cyrillic that looks like coca")]
    [InlineData("ορκα", "Greek that looks Latin")]
    [InlineData("ｂｏｂ", "full width")]
    [InlineData("ﬁona", "ligature")]
    [InlineData("bob²", "superscript")]
    [InlineData("𝐛𝐨𝐛", "mathematical letters")]
    [InlineData("ⓑⓞⓑ", "circled")]
    [InlineData("bob😀", "emoji")]
    [InlineData("bob!", "punctuation")]
    [InlineData("bob@home", "at sign")]
    [InlineData("bob:x", "colon")]
    [InlineData("bob/x", "slash")]
    [InlineData("b*b", "wildcard")]
    [InlineData("b%b", "wildcard of SQL")]
    [InlineData("' OR 1=1", "SQL")]
    [InlineData("<b>bob", "markup")]
    [InlineData("{bob}", "braces")]
    [InlineData("...", "no letter or digit")]
    [InlineData("_-_", "no letter or digit")]
    [InlineData("١٢٣", "digits of another script")]
    [InlineData("b\u0301\u0301\u0301ob", "heaped accents")]
    [InlineData("\u0301bob", "accent on nothing")]
    [InlineData("İbrahim", "capital without one lower case")]
    [InlineData("ᚠᚢᚦ", "a script that is not listed")]
    [InlineData("system", "reserved")]
    [InlineData("Admin", "reserved")]
    [InlineData("a.d.m.i.n", "reserved in disguise")]
    [InlineData("_root_", "reserved in disguise")]
    [InlineData("SUPPORT", "reserved")]
    [Trait("abuse", "24")]
    [Trait("abuse", "25")]
    [Trait("abuse", "27")]
    public void A_name_that_could_mislead_is_refused(string? typed, string why)
    {
        Assert.False(Username.TryParse(typed, out _, out var fault), why);
        Assert.NotEmpty(fault);
    }

    [Fact]
    [Trait("abuse", "27")]
    public void A_name_of_ten_thousand_characters_is_refused() => Assert.False(Username.TryParse(new string('a', 10_000), out _, out _));

    [Theory]
    [InlineData("Alice", "aLICE")]
    [InlineData("JÜRGEN", "jürgen")]
    [InlineData("ju\u0308rgen", "jürgen")]
    [InlineData("ΓΙΆΝΝΗ", "γιάννη")]
    [InlineData("БОРИС", "борис")]
    [Trait("abuse", "25")]
    public void Names_that_differ_in_case_or_composition_are_the_same(string one, string other) => Assert.Equal(Username.KeyOf(one), Username.KeyOf(other));

    [Fact]
    public void The_name_is_kept_as_it_was_typed()
    {
        Assert.True(Username.TryParse("McDonald", out var name, out _));
        Assert.Equal("McDonald", name.Text);
    }

    [Fact]
    [Trait("abuse", "27")]
    public void The_reserved_user_can_be_looked_up_but_not_registered()
    {
        Assert.Equal("system", Username.KeyOf("System"));
        Assert.False(Username.TryParse("System", out _, out _));
    }
}
