using Im.Hosting.Bus;
using Im.Hosting.Tls;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using RabbitMQ.Client;

namespace Im.Hosting.Tests.Bus;

/// <summary>Where the broker is: one node, or several of one cluster with one account.</summary>
public sealed class BrokerAddressTests
{
    [Theory]
    [InlineData("amqp://im:pw@a:1/", "a:1")]
    [InlineData("amqp://im:pw@a:1,b:2,c:3/im", "a:1 b:2 c:3")]
    [InlineData("amqp://im:pw@a,b:2", "a:5672 b:2")]
    [InlineData("AMQP://im:pw@a:1, b:2/", "a:1 b:2")]
    [InlineData("amqp://im:p,%40w@a:1,b:2/", "a:1 b:2")]
    [InlineData("amqp://[::1]:1,[::1]:2/", "::1:1 ::1:2")]
    [InlineData("amqps://im:pw@a,b/", "a:5671 b:5671")]
    public void Nodes_are_separated_by_commas(string text, string nodes) =>
        Assert.Equal(nodes.Split(' ').Order(), EndpointsOf(text).Select(endpoint => $"{endpoint.HostName}:{endpoint.Port}").Order());

    [Theory]
    [InlineData("")]
    [InlineData("a")]
    [InlineData("a:1,b:2")]
    [InlineData("amqp:a:1")]
    [InlineData("http://a:1")]
    [InlineData("amqp://")]
    [InlineData("amqp://im:pw@/")]
    [InlineData("amqp://a:1,,b:2/")]
    [InlineData("amqp://a:one/")]
    [InlineData("amqp://a:1,b:two/")]
    public void Anything_else_is_no_address(string text) => Assert.Null(BrokerAddress.Parse(text));

    [Theory]
    [InlineData("amqp://a:1/", null)]
    [InlineData("amqp://im@a:1/", null)]
    [InlineData("amqp://im:@a:1/", "")]
    [InlineData("amqp://im:p%40w@a:1,b:2/", "p@w")]
    public void The_password_is_that_of_all_nodes(string text, string? password) => Assert.Equal(password, BrokerAddress.Parse(text)!.Password);

    [Theory]
    [InlineData("amqp://a:5672,b:5672/", false)]
    [InlineData("amqp://a:5672,b:5671/", true)]
    [InlineData("amqps://a:5671,b:5671/", false)]
    public void One_node_at_the_port_of_tls_is_seen(string text, bool seen) => Assert.Equal(seen, BrokerAddress.Parse(text)!.IsPlainAtTlsPort);

    [Fact]
    public void Account_and_virtual_host_are_those_of_the_address()
    {
        var factory = Directed("amqp://im:p%40w@a:1,b:2/chat");
        Assert.Equal(("im", "p@w", "chat"), (factory.UserName, factory.Password, factory.VirtualHost));
    }

    [Fact]
    public void Over_tls_each_node_has_to_show_its_own_name() =>
        Assert.All(EndpointsOf("amqps://im:pw@a,b:2/"), endpoint => Assert.Equal((true, endpoint.HostName), (endpoint.Ssl.Enabled, endpoint.Ssl.ServerName)));

    [Fact]
    public void Attempts_begin_at_every_node()
    {
        var firsts = Enumerable.Range(0, 200).Select(_ => EndpointsOf("amqp://a,b,c/")[0].HostName).Distinct().Order();
        Assert.Equal(["a", "b", "c"], firsts);
    }

    private static List<AmqpTcpEndpoint> EndpointsOf(string text) => [.. Directed(text).EndpointResolverFactory([]).All()];

    private static ConnectionFactory Directed(string text)
    {
        var factory = new ConnectionFactory();
        BrokerAddress.Parse(text)!.Direct(factory, new ServerTrust(Options.Create(new ImOptions()), TimeProvider.System, NullLogger<ServerTrust>.Instance));
        return factory;
    }
}
