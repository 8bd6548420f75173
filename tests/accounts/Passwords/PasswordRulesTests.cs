using Im.Login.Passwords;

namespace Im.Accounts.Tests.Passwords;

public sealed class PasswordRulesTests
{
    public static TheoryData<string, bool> Passwords => new()
    {
        { "", false }, { "zjq8#pw", false }, { "zjq8#pwm", true }, { "        x", true }, { "zwölf Äpfel", true }, { "пароль-мой-длинный", true },
        { string.Concat(Enumerable.Repeat("😀🦊", 4)), true }, { string.Concat(Enumerable.Repeat("xy", 512)), true },
        { string.Concat(Enumerable.Repeat("xy", 512)) + "z", false }, { new string('y', 100_000), false },
        { "zjq8#pwm\0", false }, { "zjq8#pwm\n", false }, { "zjq8#pwm\uD800", false },
        { "password", false }, { "PassWord1", false }, { "P4ssw0rd!", false }, { "12345678", false }, { "qwertyuiop", false }, { "aaaaaaaaaaaa", false },
        { "Summer2024", false }, { "monkeymonkey", false }, { "iloveyou", false },
        { "marvin-the-android", false }, { "MARVIN-the-android", false },
    };

    [Theory]
    [MemberData(nameof(Passwords))]
    [Trait("abuse", "29")]
    [Trait("abuse", "30")]
    public void A_password_is_long_enough_and_not_among_the_first_guesses(string typed, bool accepted) =>
        Assert.Equal(accepted, PasswordRules.FaultOf(PasswordRules.Normalize(typed), "marvin-the-android") is null);

    [Fact]
    [Trait("abuse", "29")]
    public void The_same_password_from_another_keyboard_is_the_same()
    {
        Assert.Equal(PasswordRules.Normalize("Übermut und mehr"), PasswordRules.Normalize("U\u0308bermut und mehr"));
        Assert.Equal(PasswordRules.Normalize("a b c d e"), PasswordRules.Normalize("a\u00A0b\u3000c d e"));
    }

    [Fact]
    [Trait("abuse", "29")]
    public void Nothing_is_cut_or_folded()
    {
        Assert.NotEqual(PasswordRules.Normalize(new string('x', 1023) + "y"), PasswordRules.Normalize(new string('x', 1023) + "z"));
        Assert.NotEqual(PasswordRules.Normalize("Correct horse"), PasswordRules.Normalize("correct horse"));
        Assert.NotEqual(PasswordRules.Normalize(" blank ends "), PasswordRules.Normalize("blank ends"));
    }

    [Fact]
    [Trait("abuse", "30")]
    public void The_list_of_first_guesses_has_thousands() => Assert.True(GuessablePasswords.Count > 3_000, $"{GuessablePasswords.Count}");
}
