using System.Net;
using System.Net.Sockets;

namespace Im.Login.Limits;

/// <summary>
/// Under which key an address is counted: an IPv4 address by itself, an IPv6 address by its /64, which is what one customer gets. In development
/// loopback is not counted: tests and load tools all come from there.
/// </summary>
public sealed class AddressRule(bool development)
{
    /// <summary>Null where the address is not counted. What is no address counts under one common key.</summary>
    public string? KeyOf(string? address)
    {
        if (!IPAddress.TryParse(address, out var ip)) return "unknown";
        if (ip.IsIPv4MappedToIPv6) ip = ip.MapToIPv4();
        if (development && IPAddress.IsLoopback(ip)) return null;
        if (ip.AddressFamily == AddressFamily.InterNetwork) return ip.ToString();
        var bytes = ip.GetAddressBytes();
        return Convert.ToHexStringLower(bytes, 0, 8) + "/64";
    }
}
