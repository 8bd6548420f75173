using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace Im.Local;

/// <summary>
/// Loopback ports that stay free: taken from below the range that the kernel uses for outgoing connections, since a port from within it
/// can be gone by the time its server is started again. No port is handed out twice by one process.
/// </summary>
public static class FreePort
{
    private const int Lowest = 12_000, Tries = 500;
    private static readonly ConcurrentDictionary<int, bool> HandedOut = new();
    private static readonly int End = Math.Clamp(FirstEphemeralPort(), Lowest + 4_000, 60_000);

    public static int Next()
    {
        for (var i = 0; i < Tries; i++)
        {
            var port = Random.Shared.Next(Lowest, End);
            if (HandedOut.TryAdd(port, true) && IsFree(IPAddress.Loopback, port))
                return port;
        }
        throw new LocalStartException($"no free port between {Lowest} and {End} on 127.0.0.1");
    }

    public static bool IsFree(IPAddress address, int port)
    {
        using var socket = new Socket(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        // As servers do: connections of a former owner that linger in TIME_WAIT are no hindrance.
        socket.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.ReuseAddress, true);
        try
        {
            socket.Bind(new IPEndPoint(address, port));
            socket.Listen(1);
            return true;
        }
        catch (SocketException error) when (error.SocketErrorCode is SocketError.AddressAlreadyInUse or SocketError.AccessDenied)
        {
            return false;
        }
    }

    private static int FirstEphemeralPort()
    {
        const string Setting = "/proc/sys/net/ipv4/ip_local_port_range";
        return File.Exists(Setting) ? int.Parse(File.ReadAllText(Setting).Split('\t', ' ')[0], CultureInfo.InvariantCulture) : 32_768;
    }
}
