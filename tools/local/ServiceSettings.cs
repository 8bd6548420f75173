namespace Im.Local;

/// <summary>
/// The settings that tie the processes of one instance together, as environment variables. Every process gets exactly those that it needs;
/// the same variables in the caller's own environment never leak into it.
/// </summary>
public static class ServiceSettings
{
    public const string Bus = "Im__Bus", Redis = "Im__Redis", Database = "Im__Database", MigrateAtStart = "Im__MigrateAtStart", NodeName = "Im__Node__Name",
        GatewayListen = "Im__Gateway__Listen", AdminListen = "Im__Admin__Listen", HealthListen = "Im__Health__Listen", AdminKey = "Im__Admin__Key";

    /// <summary>"Development" unless the caller says otherwise.</summary>
    public const string AspNetEnvironment = "ASPNETCORE_ENVIRONMENT";

    private static readonly string[] All = [Bus, Redis, Database, MigrateAtStart, NodeName, GatewayListen, AdminListen, HealthListen, AdminKey];

    /// <summary>The environment of a process: the given settings, then the caller's extra ones, which win.</summary>
    public static Dictionary<string, string?> Environment(IReadOnlyDictionary<string, string> settings, IReadOnlyDictionary<string, string> extra)
    {
        var environment = All.ToDictionary(name => name, _ => (string?)null);
        environment[AspNetEnvironment] = "Development";
        // Would be a second way to say where to listen.
        environment["ASPNETCORE_URLS"] = null;
        foreach (var (name, value) in settings.Concat(extra))
            environment[name] = value;
        return environment;
    }

    /// <summary>Those settings that the caller's own environment has, except the name of the node, which belongs to one process.</summary>
    public static Dictionary<string, string> FromCaller() =>
        All.Append(AspNetEnvironment).Except([NodeName])
            .Select(name => (name, value: System.Environment.GetEnvironmentVariable(name)))
            .Where(setting => !string.IsNullOrEmpty(setting.value))
            .ToDictionary(setting => setting.name, setting => setting.value!);

    /// <summary>The address with a free port in place of port 0.</summary>
    /// <exception cref="LocalStartException">It is no http address.</exception>
    public static Uri Resolve(string listen)
    {
        if (!Uri.TryCreate(listen, UriKind.Absolute, out var address) || address.Scheme != Uri.UriSchemeHttp)
            throw new LocalStartException($"'{listen}' is no address to listen on; it should look like http://127.0.0.1:8080");
        return address.Port == 0 ? new UriBuilder(address) { Port = FreePort.Next() }.Uri : address;
    }

    /// <summary>How to reach from this machine what listens there.</summary>
    public static Uri Reachable(Uri listen) =>
        listen.Host is "0.0.0.0" or "[::]" or "+" or "*" ? new UriBuilder(listen) { Host = "127.0.0.1" }.Uri : listen;
}
