using System.Security.Cryptography;
using System.Text;
using Im.Login.Passwords;

namespace Im.Accounts.Tests.Passwords;

public sealed class PasswordHashTests
{
    [Fact]
    public void The_stored_text_names_scheme_rounds_salt_and_hash()
    {
        var parts = PasswordHash.Create("correct horse", 1000).ToString().Split('$');

        Assert.Equal(["pbkdf2-sha512", "1000"], parts[..2]);
        var salt = Convert.FromBase64String(parts[2]);
        Assert.Equal(16, salt.Length);
        Assert.Equal(
            Rfc2898DeriveBytes.Pbkdf2(Encoding.UTF8.GetBytes("correct horse"), salt, 1000, HashAlgorithmName.SHA512, 32), Convert.FromBase64String(parts[3]));
    }

    [Fact]
    public void What_was_stored_matches_the_password_and_no_other()
    {
        Assert.True(PasswordHash.TryParse(PasswordHash.Create("correct horse", 1000).ToString(), out var hash));

        Assert.True(hash.Matches("correct horse"));
        Assert.False(hash.Matches("correct hors"));
        Assert.False(hash.Matches(""));
    }

    [Fact]
    public void The_same_password_is_stored_differently_each_time() =>
        Assert.NotEqual(PasswordHash.Create("correct horse", 1000).ToString(), PasswordHash.Create("correct horse", 1000).ToString());

    [Fact]
    public void Nobodys_hash_matches_nothing() => Assert.False(PasswordHash.Nobodys(1000).Matches(""));

    [Fact]
    public void New_hashes_have_210_000_rounds_or_more() => Assert.Equal(210_000, new Im.Login.LoginOptions().PasswordRounds);

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("x")]
    [InlineData("pbkdf2-sha512$1000$AAAAAAAAAAAAAAAAAAAAAA==")]
    [InlineData("pbkdf2-sha512$0$AAAAAAAAAAAAAAAAAAAAAA==$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=")]
    [InlineData("pbkdf2-sha512$-1$AAAAAAAAAAAAAAAAAAAAAA==$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=")]
    [InlineData("pbkdf2-sha512$1000$AAAA$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=")]
    [InlineData("pbkdf2-sha512$1000$AAAAAAAAAAAAAAAAAAAAAA==$")]
    [InlineData("pbkdf2-sha512$1000$AAAAAAAAAAAAAAAAAAAAAA==$AAAA")]
    [InlineData("pbkdf2-sha512$1000$not base64$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=")]
    [InlineData("pbkdf2-sha256$1000$AAAAAAAAAAAAAAAAAAAAAA==$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=")]
    public void A_text_of_another_form_is_no_hash(string? stored) => Assert.False(PasswordHash.TryParse(stored, out _));
}
