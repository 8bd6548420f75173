using System.Globalization;
using System.Net;
using Im.Local;

namespace Im.Tool;

/// <summary>
/// Where both 'up's listen, from the caller's environment. A port that is taken is found before anything starts, and named with the
/// variable that moves it.
/// </summary>
internal sealed record UpSettings(IReadOnlyList<Door> Gateways, Door Admin, int MessageServices, Door RabbitMq, Door Redis, Door Postgres, Door Edge, Door EdgeAdmin)
{
    private const int MostInstances = 16;

    public static UpSettings Read(Func<string, string?> variable)
    {
        var gateways = Count("IM_GATEWAYS", 2);
        return new(
            [.. Enumerable.Range(1, gateways).Select(Gateway)],
            Listen(ServiceSettings.AdminListen, "IM_PORT_ADMIN", 8081),
            Count("IM_MESSAGE_SERVICES", 2),
            Port("IM_PORT_RABBITMQ", 0), Port("IM_PORT_REDIS", 0), Port("IM_PORT_POSTGRES", 0),
            Port("IM_PORT_EDGE", 8443), Port("IM_PORT_EDGE_ADMIN", 9443));

        // 8081 is the admin's: the second gateway takes 8082, and so on.
        Door Gateway(int number) => number == 1
            ? Listen(ServiceSettings.GatewayListen, "IM_PORT_GATEWAY_1", 8080)
            : Port($"IM_PORT_GATEWAY_{number}", 8080 + number);

        Door Listen(string address, string port, int usual) =>
            variable(address) is { Length: > 0 } chosen ? new(chosen, address) : Port(port, usual);

        Door Port(string name, int usual) =>
            new($"http://127.0.0.1:{Number(name, usual, 0, IPEndPoint.MaxPort).ToString(CultureInfo.InvariantCulture)}", name);

        int Count(string name, int usual) => Number(name, usual, 1, MostInstances);

        int Number(string name, int usual, int least, int most)
        {
            if (variable(name) is not { Length: > 0 } text)
                return usual;
            return int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number >= least && number <= most
                ? number
                : throw new LocalStartException($"{name}={text} is no number from {least} to {most}");
        }
    }

    public static UpSettings ReadEnvironment() => Read(Environment.GetEnvironmentVariable);

    public IEnumerable<Door> Doors => [.. Gateways, Admin, RabbitMq, Redis, Postgres];

    public IEnumerable<Door> EdgeDoors => [Edge, EdgeAdmin];
}

/// <summary>An address to listen on and the variable that it comes from or could come from.</summary>
internal sealed record Door(string Address, string Variable)
{
    public int Port => new Uri(Address).Port;

    /// <exception cref="LocalStartException">It is no address, or somebody else listens there.</exception>
    public void RequireFree()
    {
        if (!Uri.TryCreate(Address, UriKind.Absolute, out var address) || address.Scheme != Uri.UriSchemeHttp)
            throw new LocalStartException($"{Variable}={Address} is no address; it should look like http://127.0.0.1:8080");
        var reachable = IPAddress.TryParse(address.Host, out var ip) ? ip : IPAddress.Loopback;
        if (address.Port != 0 && !FreePort.IsFree(reachable, address.Port))
            throw new LocalStartException($"port {address.Port} is taken; choose another with {Variable}");
    }
}
