using System.Net;
using Microsoft.AspNetCore.Connections;
using Microsoft.Extensions.Options;

namespace Im.Gateway.Connections;

/// <summary>
/// TCP connections of the clients' door, before a byte of them is read: the files of the process run out, and nobody else may get in, if one address
/// can hold all of them without a word. Whoever is refused here is closed without an answer; sockets have their own, smaller limits with answers.
/// </summary>
public sealed class ConnectionGate(IOptions<GatewayOptions> options, IHostEnvironment environment)
{
    private readonly AddressCount _perAddress = new();
    private readonly IPNetwork[] _proxies = [.. options.Value.TrustedProxies.Select(Network)];
    private readonly int _port = BindingAddress.Parse(options.Value.Listen).Port;
    private readonly int _most = options.Value.MaxConnections + options.Value.MaxCallConnections;
    private int _inside;

    public async Task PassAsync(ConnectionContext connection, ConnectionDelegate next)
    {
        // In one process with others their doors are not ours to guard.
        if (connection.LocalEndPoint is not IPEndPoint local || local.Port != _port || connection.RemoteEndPoint is not IPEndPoint remote)
        {
            await next(connection);
            return;
        }

        var most = IsUnlimited(remote.Address) ? int.MaxValue : options.Value.MaxTcpPerAddress;
        try
        {
            if (Interlocked.Increment(ref _inside) > _most || !_perAddress.TryEnter(remote.Address, most))
            {
                connection.Abort();
                return;
            }

            try
            {
                await next(connection);
            }
            finally
            {
                _perAddress.Leave(remote.Address);
            }
        }
        finally
        {
            Interlocked.Decrement(ref _inside);
        }
    }

    /// <summary>A proxy brings the connections of everybody: only it can tell them apart before a byte is read.</summary>
    private bool IsUnlimited(IPAddress address)
    {
        var plain = address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address;
        return (environment.IsDevelopment() && IPAddress.IsLoopback(plain)) || _proxies.Any(network => network.Contains(plain));
    }

    /// <summary>What is none keeps the process from starting, see <see cref="GatewayOptionsRules"/>.</summary>
    private static IPNetwork Network(string text) => TrustedProxies.TryParse(text, out var network) ? network : new IPNetwork(IPAddress.None, 32);
}
