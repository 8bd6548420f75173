using System.Net;
using System.Net.Sockets;
using Im.Local;

namespace Im.Tool.Tests;

/// <summary>Where both 'up's listen: the usual ports unless the environment says otherwise, and never one that is taken.</summary>
public sealed class UpSettingsTests
{
    private static UpSettings Read(params (string Name, string Value)[] variables) =>
        UpSettings.Read(name => variables.FirstOrDefault(variable => variable.Name == name).Value);

    [Fact]
    public void Without_variables_the_usual_ports_are_taken()
    {
        var settings = Read();
        Assert.Equal(["http://127.0.0.1:8080", "http://127.0.0.1:8082"], settings.Gateways.Select(door => door.Address));
        Assert.Equal("http://127.0.0.1:8081", settings.Admin.Address);
        Assert.Equal(2, settings.MessageServices);
        Assert.Equal([0, 0, 0], [settings.RabbitMq.Port, settings.Redis.Port, settings.Postgres.Port]);
        Assert.Equal([8443, 9443], settings.EdgeDoors.Select(door => door.Port));
    }

    [Fact]
    public void Ports_and_counts_come_from_the_environment()
    {
        var settings = Read(("IM_GATEWAYS", "3"), ("IM_PORT_GATEWAY_1", "9001"), ("IM_PORT_GATEWAY_3", "9003"), ("IM_MESSAGE_SERVICES", "1"),
            ("Im__Admin__Listen", "http://0.0.0.0:9009"), ("IM_PORT_ADMIN", "1"), ("IM_PORT_REDIS", "9010"));
        Assert.Equal([9001, 8082, 9003], settings.Gateways.Select(door => door.Port));
        Assert.Equal("http://0.0.0.0:9009", settings.Admin.Address);
        Assert.Equal(9010, settings.Redis.Port);
        Assert.Equal(1, settings.MessageServices);
    }

    [Theory]
    [InlineData("IM_PORT_GATEWAY_1", "65536")]
    [InlineData("IM_PORT_ADMIN", "-1")]
    [InlineData("IM_PORT_REDIS", "six")]
    [InlineData("IM_GATEWAYS", "0")]
    [InlineData("IM_MESSAGE_SERVICES", "17")]
    public void A_variable_out_of_range_is_named(string name, string value)
    {
        var error = Assert.Throws<LocalStartException>(() => Read((name, value)));
        Assert.StartsWith($"{name}={value} ", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_port_that_is_taken_is_named_with_its_variable()
    {
        using var taken = new TcpListener(IPAddress.Loopback, 0);
        taken.Start();
        var port = ((IPEndPoint)taken.LocalEndpoint).Port;
        var error = Assert.Throws<LocalStartException>(() => new Door($"http://127.0.0.1:{port}", "IM_PORT_ADMIN").RequireFree());
        Assert.Equal($"port {port} is taken; choose another with IM_PORT_ADMIN", error.Message);
    }

    [Theory]
    [InlineData("8080")]
    [InlineData("ftp://127.0.0.1:8080")]
    public void What_is_no_address_is_named_with_its_variable(string address)
    {
        var error = Assert.Throws<LocalStartException>(() => new Door(address, "Im__Gateway__Listen").RequireFree());
        Assert.StartsWith($"Im__Gateway__Listen={address} is no address", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Restarts_come_at_once_then_later_and_later_up_to_five_seconds_and_never_end()
    {
        var delay = new RestartDelay();
        var delays = Enumerable.Range(0, 100).Select(_ => delay.After(TimeSpan.FromSeconds(1)).TotalSeconds).ToList();
        Assert.Equal([0, 0.25, 0.5, 1, 2, 4, 5, 5], delays.Take(8));
        Assert.All(delays.Skip(8), seconds => Assert.Equal(5, seconds));
        Assert.Equal(TimeSpan.Zero, delay.After(TimeSpan.FromMinutes(1)));
        Assert.Equal(TimeSpan.Zero, delay.After(TimeSpan.FromSeconds(1)));
    }
}
