using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace Im.Local;

/// <summary>
/// Loopback ports that stay free: taken from below the range that the kernel uses for outgoing connections, since a port from within it
/// can be gone by the time its server is started again. No port is handed out twice as long as the process lives that it was given to: several
/// test projects start their systems at the same time.
/// </summary>
public static class FreePort
{
    private const int Lowest = 12_000, Tries = 500;
    private static readonly ConcurrentBag<Socket> Claims = [];
    private static readonly int End = Math.Clamp(FirstEphemeralPort(), Lowest + 4_000, 60_000);

    public static int Next()
    {
        for (var i = 0; i < Tries; i++)
        {
            var port = Random.Shared.Next(Lowest, End);
            // Asked only once it is ours: the question itself takes the port for a moment, in which its owner may start his server again.
            if (Claim(port) is not { } claim)
                continue;
            Claims.Add(claim);
            if (IsFree(IPAddress.Loopback, port))
                return port;
        }
        throw new LocalStartException($"no free port between {Lowest} and {End} on 127.0.0.1");
    }

    /// <summary>
    /// Makes the port one's own, over all processes of the machine; null where it is somebody's. A name in the abstract namespace needs no file, and the
    /// kernel frees it however its holder ends.
    /// </summary>
    internal static Socket? Claim(int port)
    {
        var claim = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            claim.Bind(new UnixDomainSocketEndPoint(string.Create(CultureInfo.InvariantCulture, $"\0im-port-{port}")));
            return claim;
        }
        catch (SocketException error) when (error.SocketErrorCode == SocketError.AddressAlreadyInUse)
        {
            claim.Dispose();
            return null;
        }
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
