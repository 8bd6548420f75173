using System.Security.Cryptography;
using System.Text;

namespace Im.Contracts;

/// <summary>
/// The client's message id in 16 bytes, for the unique key (sender, id): a lower-case UUID is itself, any other text its SHA-256 cut to 128 bits. Only a
/// sender's own ids share the key, so a collision could harm nobody else.
/// </summary>
public static class ClientMessageKey
{
    public static Guid Of(string clientId)
    {
        if (IsUuid(clientId, out var uuid)) return uuid;
        Span<byte> hash = stackalloc byte[32];
        SHA256.HashData(Encoding.UTF8.GetBytes(clientId), hash);
        return new Guid(hash[..16]);
    }

    /// <summary>The text to store besides the key; null where the key says it all.</summary>
    public static string? StoredText(string clientId) => IsUuid(clientId, out _) ? null : clientId;

    public static string TextOf(Guid key, string? storedText) => storedText ?? key.ToString("D");

    private static bool IsUuid(string clientId, out Guid uuid) => Guid.TryParseExact(clientId, "D", out uuid) && uuid.ToString("D") == clientId;
}
