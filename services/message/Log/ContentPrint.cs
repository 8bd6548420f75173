using System.Buffers.Binary;
using System.Security.Cryptography;
using Im.Protocol;

namespace Im.Message.Log;

/// <summary>128 bits that stand for a message's type and body.</summary>
public readonly record struct ContentPrint(ulong High, ulong Low)
{
    /// <summary>The print of a stored message. Member messages are written by the server, so a group command counts by its id alone.</summary>
    public static ContentPrint OfStored(string? type, ReadOnlySpan<byte> body) => type == Limits.MemberType ? default : Of(type, body);

    public static ContentPrint Of(string? type, ReadOnlySpan<byte> body)
    {
        using var hash = type is null ? null : IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        Span<byte> bytes = stackalloc byte[32];
        if (hash is null)
        {
            SHA256.HashData(body, bytes);
        }
        else
        {
            hash.AppendData(System.Text.Encoding.UTF8.GetBytes(type!));
            hash.AppendData([0]);
            hash.AppendData(body);
            hash.GetHashAndReset(bytes);
        }

        return new(BinaryPrimitives.ReadUInt64LittleEndian(bytes), BinaryPrimitives.ReadUInt64LittleEndian(bytes[8..]));
    }
}
