namespace Im.Tool;

/// <summary>'im env': the addresses and keys of what is running, as lines for a shell to evaluate.</summary>
internal static class Env
{
    public const string Gateway = "IM_GATEWAY", Admin = "IM_ADMIN", AdminKey = "IM_ADMIN_KEY", RedisPassword = "IM_REDIS_PASSWORD";

    public static int Run()
    {
        if (RunState.Load() is not { Ready: true } state)
        {
            Console.Error.WriteLine("nothing is running; './im up' or './im up full' starts it");
            return 1;
        }
        foreach (var (name, value) in Variables(state))
            Console.WriteLine($"{name}={value}");
        return 0;
    }

    /// <summary>Those of the edge only where there is one.</summary>
    public static IReadOnlyList<(string Name, string Value)> Variables(RunState state) =>
    [
        (Gateway, string.Join(',', state.GatewayUrls.Select(Announcement.Bare))),
        (Admin, Announcement.Bare(state.AdminUrl!)),
        (AdminKey, state.AdminKey),
        (RedisPassword, state.RedisPassword),
        .. state.EdgeUrls.Zip(["IM_EDGE", "IM_EDGE_ADMIN"], (url, name) => (name, Announcement.Bare(url))),
        .. state.EdgeCertificate.Length > 0 ? [("IM_EDGE_CERTIFICATE", state.EdgeCertificate)] : Array.Empty<(string, string)>(),
    ];
}
