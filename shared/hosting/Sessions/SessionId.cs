using System.Buffers.Text;
using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;

namespace Im.Hosting.Sessions;

/// <summary>The secret that a client keeps: 256 random bits as 43 characters of base64url. The system stores and looks up only its SHA-256.</summary>
public static class SessionId
{
    private const int Length = 43;

    public static string New() => Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(32));

    /// <summary>False for anything that cannot be one; so a malformed id costs no look-up.</summary>
    public static bool TryHash(string? sessionId, [NotNullWhen(true)] out byte[]? hash)
    {
        hash = null;
        if (sessionId is not { Length: Length } || !Base64Url.IsValid(sessionId)) return false;
        hash = SHA256.HashData(System.Text.Encoding.ASCII.GetBytes(sessionId));
        return true;
    }
}
