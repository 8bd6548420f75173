using Im.Tool.Chat;

namespace Im.Tool.Tests;

/// <summary>What a line means, how it is edited, how wide it is.</summary>
public sealed class ChatPartsTests
{
    [Theory]
    [InlineData("", null, null)]
    [InlineData("   ", null, null)]
    [InlineData("hello /to", null, "hello /to")]
    [InlineData("/to  bob ", "to", "bob")]
    [InlineData("/QUIT", "quit", "")]
    [InlineData("//etc/hosts", null, "/etc/hosts")]
    [InlineData("/", "", "")]
    public void A_line_is_a_command_or_a_text(string line, string? command, string? rest) =>
        Assert.Equal(rest is null ? null : new ChatLine(command, rest), ChatLine.Parse(line));

    [Theory]
    [InlineData("/group Our plans: a b", "Our plans", "a,b")]
    [InlineData("/group Plans: A: a", "Plans: A", "a")]
    [InlineData("/group Plans", null, null)]
    [InlineData("/group Plans:", null, null)]
    [InlineData("/group : a", null, null)]
    public void A_group_has_a_title_and_names(string line, string? title, string? names)
    {
        var group = ChatLine.Parse(line)!.Group();
        Assert.Equal((title, names), (group?.Title, group is null ? null : string.Join(',', group.Value.Names)));
    }

    [Fact]
    public void A_line_is_edited_by_what_a_person_sees_as_one_character()
    {
        var line = new LineBuffer();
        foreach (var key in "a👍🏽b") line.Press(Key(key));
        line.Press(Key(ConsoleKey.LeftArrow));
        line.Press(Key(ConsoleKey.Backspace));
        Assert.Equal(("ab", 1), (line.Text, line.Cursor));
        line.Press(Key(ConsoleKey.End));
        line.Press(Key(ConsoleKey.U, control: true));
        Assert.Equal("", line.Text);
        foreach (var key in "one two") line.Press(Key(key));
        line.Press(Key(ConsoleKey.W, control: true));
        Assert.Equal("one ", line.Text);
        Assert.True(line.Press(Key(ConsoleKey.Enter)));
        Assert.Equal("one ", line.Take());
        line.Press(Key(ConsoleKey.UpArrow));
        Assert.Equal("one ", line.Text);
        line.Press(Key(ConsoleKey.DownArrow));
        Assert.Equal(("", 0), (line.Text, line.Cursor));
    }

    [Theory]
    [InlineData("short", 5, 20, "short", "")]
    [InlineData("0123456789", 10, 4, "6789", "")]
    [InlineData("0123456789", 0, 4, "", "0123")]
    [InlineData("中文字", 3, 4, "文字", "")]
    [InlineData("a👍b", 4, 3, "👍b", "")]
    public void Of_a_long_line_the_part_around_the_cursor_is_in_sight(string text, int cursor, int columns, string before, string after) =>
        Assert.Equal((before, after), LineTerminal.Visible(text, cursor, columns));

    [Theory]
    [InlineData("plain 中 👍", "plain 中 👍")]
    [InlineData("a\r\nb\n", "a\n    b")]
    [InlineData("\e[31m\u009b\u0000\u202e\u2066", "\uFFFD[31m\uFFFD\uFFFD\uFFFD\uFFFD")]
    public void What_is_shown_is_text_only(string text, string shown) => Assert.Equal(shown, Printable.Of(text));

    [Theory]
    [InlineData("upp", "up")]
    [InlineData("chatt", "chat")]
    [InlineData("lgos", "logs")]
    [InlineData("frobnicate", null)]
    public void A_command_that_does_not_exist_has_a_likely_one(string word, string? meant) =>
        Assert.Equal(meant, Misread.Like(word, ["up", "chat", "ps", "logs", "env", "down", "test", "bench"]));

    private static ConsoleKeyInfo Key(char character) => new(character, char.IsAsciiLetter(character) ? Enum.Parse<ConsoleKey>(char.ToUpperInvariant(character).ToString()) : ConsoleKey.None, false, false, false);

    private static ConsoleKeyInfo Key(ConsoleKey key, bool control = false) => new('\0', key, false, false, control);
}
