using Im.Hosting.Health;
using Im.Hosting.Tls;
using RabbitMQ.Client;

namespace Im.Hosting.Bus;

/// <summary>
/// <c>Im:Bus</c>: one account and one virtual host on one node or on several of one cluster, <c>amqp://user:password@host:port,host:port,…/vhost</c>.
/// </summary>
internal sealed class BrokerAddress
{
    /// <summary>The port of AMQP over TLS.</summary>
    private const int TlsPort = 5671;

    private BrokerAddress(IReadOnlyList<Uri> nodes) => Nodes = nodes;

    /// <summary>Each node with the account and the virtual host.</summary>
    public IReadOnlyList<Uri> Nodes { get; }

    /// <summary>Null for what is not such an address.</summary>
    public static BrokerAddress? Parse(string text)
    {
        var scheme = text.IndexOf("://", StringComparison.Ordinal);
        if (scheme < 0 || text[..scheme].ToLowerInvariant() is not ("amqp" or "amqps")) return null;
        var start = scheme + 3;
        var end = text.IndexOf('/', start) is var slash and >= 0 ? slash : text.Length;
        var hosts = text.LastIndexOf('@', end - 1, end - start) + 1;
        if (hosts == 0) hosts = start;

        var nodes = new List<Uri>();
        foreach (var host in text[hosts..end].Split(','))
        {
            if (host.Length == 0 || !Uri.TryCreate(text[..hosts] + host.Trim() + text[end..], UriKind.Absolute, out var node)) return null;
            nodes.Add(node);
        }

        return new BrokerAddress(nodes);
    }

    private bool IsTls => Nodes[0].Scheme == "amqps";

    /// <summary>True where a node is spoken to in the clear on the port of TLS, which cannot be meant.</summary>
    public bool IsPlainAtTlsPort => !IsTls && Nodes.Any(node => node.Port == TlsPort);

    /// <summary>Null without one.</summary>
    public string? Password => Nodes[0].UserInfo.Split(':', 2) is [_, var password] ? Uri.UnescapeDataString(password) : null;

    /// <summary>
    /// Each attempt to connect goes to the nodes in another order, so that connections spread over the cluster, and on to the next where one does not answer. Over TLS
    /// each has to show a certificate for the name by which it is called here: as it comes the client would take any name.
    /// </summary>
    public void Direct(ConnectionFactory factory, ServerTrust trust)
    {
        factory.Uri = Nodes[0];
        var endpoints = Nodes.Select(node => new AmqpTcpEndpoint(node.IdnHost, node.Port, Encryption(node, trust))).ToList();
        factory.EndpointResolverFactory = _ => new DefaultEndpointResolver(endpoints);
    }

    private SslOption Encryption(Uri node, ServerTrust trust) => IsTls
        ? new SslOption { Enabled = true, ServerName = node.IdnHost, CertificateValidationCallback = trust.Of(Dependency.Broker, "Im:Bus") }
        : new SslOption();
}
