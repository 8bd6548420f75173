using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Im.Login.Passwords;

/// <summary>
/// PBKDF2 with SHA-512. The stored text names everything that it was made with, <c>pbkdf2-sha512$rounds$salt$hash</c> (base64), so that the rounds can
/// be raised while older hashes stay valid.
/// </summary>
public sealed record PasswordHash(int Rounds, byte[] Salt, byte[] Hash)
{
    /// <summary>OWASP's figure for SHA-512; no new hash has fewer.</summary>
    public const int MinRounds = 210_000;

    private const string Scheme = "pbkdf2-sha512";
    private const int SaltBytes = 16;
    private const int HashBytes = 32;

    /// <param name="password">As <see cref="PasswordRules.Normalize"/> returned it.</param>
    public static PasswordHash Create(string password, int rounds)
    {
        var salt = RandomNumberGenerator.GetBytes(SaltBytes);
        return new(rounds, salt, Derive(password, salt, rounds));
    }

    /// <summary>A hash of no password, as costly to check as any other.</summary>
    public static PasswordHash Nobodys(int rounds) => new(rounds, RandomNumberGenerator.GetBytes(SaltBytes), RandomNumberGenerator.GetBytes(HashBytes));

    /// <summary>Takes as long as it takes for any other password against a hash of the same rounds.</summary>
    public bool Matches(string password) => CryptographicOperations.FixedTimeEquals(Derive(password, Salt, Rounds), Hash);

    public static bool TryParse(string? encoded, [NotNullWhen(true)] out PasswordHash? hash)
    {
        hash = null;
        if (encoded?.Split('$') is not [Scheme, var roundsText, var saltText, var hashText]) return false;
        if (!int.TryParse(roundsText, NumberStyles.None, CultureInfo.InvariantCulture, out var rounds) || rounds < 1) return false;
        var (salt, bytes) = (new byte[SaltBytes], new byte[HashBytes]);
        if (!Convert.TryFromBase64String(saltText, salt, out var saltLength) || saltLength != SaltBytes) return false;
        if (!Convert.TryFromBase64String(hashText, bytes, out var hashLength) || hashLength != HashBytes) return false;
        hash = new(rounds, salt, bytes);
        return true;
    }

    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture, $"{Scheme}${Rounds}${Convert.ToBase64String(Salt)}${Convert.ToBase64String(Hash)}");

    private static byte[] Derive(string password, byte[] salt, int rounds)
    {
        var bytes = Encoding.UTF8.GetBytes(password);
        try
        {
            return Rfc2898DeriveBytes.Pbkdf2(bytes, salt, rounds, HashAlgorithmName.SHA512, HashBytes);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(bytes);
        }
    }
}
