using System.Buffers;
using System.Buffers.Text;
using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;

namespace Im.Hosting.Sessions;

/// <summary>The secret that a client keeps: 256 random bits as 43 characters of base64url. The system stores and looks up only its SHA-256.</summary>
public static class SessionId
{
    private const int Length = 43;

    private static readonly SearchValues<char> Alphabet = SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_");

    public static string New() => Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(32));

    /// <summary>False for anything that cannot be one; so a malformed id costs no look-up.</summary>
    public static bool TryHash(string? sessionId, [NotNullWhen(true)] out byte[]? hash)
    {
        hash = null;
        // Not Base64Url.IsValid, which lets blanks, line feeds and padding through.
        if (sessionId is not { Length: Length } || sessionId.AsSpan().ContainsAnyExcept(Alphabet)) return false;
        hash = SHA256.HashData(System.Text.Encoding.ASCII.GetBytes(sessionId));
        return true;
    }
}
