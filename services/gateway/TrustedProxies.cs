using System.Net;
using Microsoft.AspNetCore.HttpOverrides;
using Microsoft.Extensions.Options;
using IPNetwork = System.Net.IPNetwork;

namespace Im.Gateway;

/// <summary>
/// Whose word counts about where a request comes from. Behind a proxy every client would have the proxy's address, and one who guesses passwords would lock
/// everybody out; without one whoever writes the header would have any address he likes.
/// </summary>
public static class TrustedProxies
{
    public static void AddTrustedProxies(this IServiceCollection services)
    {
        services.AddSingleton<IStartupFilter, Filter>();
        services.AddOptions<ForwardedHeadersOptions>().Configure<IOptions<GatewayOptions>>((headers, gateway) =>
        {
            headers.ForwardedHeaders = ForwardedHeaders.XForwardedFor | ForwardedHeaders.XForwardedProto;
            // Through a chain of proxies from the nearest one on, up to the first that is not trusted: that one is the client.
            headers.ForwardLimit = null;
            headers.KnownProxies.Clear();
            headers.KnownIPNetworks.Clear();
            foreach (var text in gateway.Value.TrustedProxies)
                if (TryParse(text, out var network)) headers.KnownIPNetworks.Add(network);
        });
    }

    /// <summary>An address by itself, or a network that is not everybody.</summary>
    public static bool TryParse(string text, out IPNetwork network)
    {
        network = default;
        if (!text.Contains('/', StringComparison.Ordinal))
        {
            if (!IPAddress.TryParse(text, out var address)) return false;
            network = new IPNetwork(address, address.GetAddressBytes().Length * 8);
            return true;
        }

        return IPNetwork.TryParse(text, out network) && network.PrefixLength > 0;
    }

    /// <summary>First of all, so that everything sees the client's address. Not at all without proxies: the framework takes an empty list for everybody.</summary>
    private sealed class Filter(IOptions<GatewayOptions> options) : IStartupFilter
    {
        public Action<IApplicationBuilder> Configure(Action<IApplicationBuilder> next) => app =>
        {
            if (options.Value.TrustedProxies.Count > 0) app.UseForwardedHeaders();
            next(app);
        };
    }
}
