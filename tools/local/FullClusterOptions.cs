namespace Im.Local;

/// <summary>What a <see cref="FullCluster"/> consists of. The defaults are those for tests: all ports free, nothing restarts by itself.</summary>
public sealed record FullClusterOptions
{
    /// <summary>Where logs, data and passwords go; one cluster at a time per directory.</summary>
    public required string Directory { get; init; }

    /// <summary>One gateway per address, named gateway-1, gateway-2 …; port 0 takes a free one.</summary>
    public IReadOnlyList<string> GatewayListen { get; init; } = ["http://127.0.0.1:0", "http://127.0.0.1:0"];

    /// <summary>The addresses that clients are told, one for each gateway; null where they are those that it listens on.</summary>
    public IReadOnlyList<Uri>? GatewayPublic { get; init; }

    /// <summary>Puts the edge of production before the gateways and the admin service, and tells clients its address; null for none. Goes before <see cref="GatewayPublic"/>.</summary>
    public EdgePorts? Edge { get; init; }

    public string AdminListen { get; init; } = "http://127.0.0.1:0";

    /// <summary>Number of message services, named message-1, message-2 …</summary>
    public int MessageServices { get; init; } = 2;

    /// <summary>Instances of login, session, presence, profile and admin each. One is named login, more are named login-1, login-2 …; a second admin takes a free port.</summary>
    public int Replicas { get; init; } = 1;

    /// <summary>Nodes of RabbitMQ, named rabbitmq, rabbitmq-2, rabbitmq-3 …; on more than one the queues of shards are replicated.</summary>
    public int BrokerNodes { get; init; } = 1;

    /// <summary>Ports of the servers, of RabbitMQ the first node's; 0 takes a free one.</summary>
    public int RabbitMqPort { get; init; }

    /// <inheritdoc cref="RabbitMqPort"/>
    public int RedisPort { get; init; }

    /// <inheritdoc cref="RabbitMqPort"/>
    public int PostgresPort { get; init; }

    /// <summary>The admin's key; null takes the one kept in the directory, which is generated at the first start.</summary>
    public string? AdminKey { get; init; }

    /// <summary>Start again whatever dies, servers included.</summary>
    public bool Restart { get; init; }

    /// <summary>Keep the data of the servers when the cluster is disposed. Logs and passwords stay in any case.</summary>
    public bool KeepData { get; init; }

    /// <summary>Further environment variables for every service, for instance a limit; they win over the cluster's own.</summary>
    public IReadOnlyDictionary<string, string> Settings { get; init; } = new Dictionary<string, string>();

    /// <summary>From a process, a server (<c>rabbitmq</c>, <c>redis</c>, <c>postgres</c>) and its port to the port on which the process is to reach it.</summary>
    public Func<string, string, int, int> Route { get; init; } = static (_, _, port) => port;

    /// <summary>From the name of a service to its built dll.</summary>
    public Func<string, string> Program { get; init; } = SolutionBinaries.Service;

    /// <summary>Called with a line for each step and each automatic restart. Must not throw.</summary>
    public Action<string> Log { get; init; } = static _ => { };
}
