using System.Runtime.InteropServices;
using System.Security.Cryptography;
using Im.Contracts.Accounts;

namespace Im.Login.Consumers;

/// <summary>What a typed name is looked up and counted under. What is no name has a key of its own as well, short and borne by no account.</summary>
internal static class AccountKey
{
    public static string Of(string? typed) => Username.TryParse(typed, out var name, out _)
        ? name.Key
        : " " + Convert.ToHexStringLower(SHA256.HashData(MemoryMarshal.AsBytes(typed.AsSpan())));
}
