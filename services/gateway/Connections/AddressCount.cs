using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;

namespace Im.Gateway.Connections;

/// <summary>How many of something each address has open. An IPv6 address counts with its /64, which is what one customer gets.</summary>
public sealed class AddressCount
{
    private readonly ConcurrentDictionary<IPAddress, int> _open = new();

    /// <summary>True: it is counted, and has to <see cref="Leave"/>. False: the address has <paramref name="most"/> already.</summary>
    public bool TryEnter(IPAddress address, int most)
    {
        if (_open.AddOrUpdate(KeyOf(address), 1, (_, count) => count + 1) <= most) return true;
        Leave(address);
        return false;
    }

    public void Leave(IPAddress address)
    {
        var key = KeyOf(address);
        if (_open.AddOrUpdate(key, 0, (_, count) => count - 1) <= 0) _open.TryRemove(new KeyValuePair<IPAddress, int>(key, 0));
    }

    private static IPAddress KeyOf(IPAddress address)
    {
        if (address.IsIPv4MappedToIPv6) return address.MapToIPv4();
        if (address.AddressFamily != AddressFamily.InterNetworkV6) return address;
        var bytes = address.GetAddressBytes();
        Array.Clear(bytes, 8, 8);
        return new IPAddress(bytes);
    }
}
