namespace Im.Tool.Deploy;

/// <summary>What docker-compose.yml needs to know from outside, as the lines of its <c>.env</c>. What is there is never changed.</summary>
internal static class EnvironmentFile
{
    public const string PublicUrl = "IM_PUBLIC_URL", EdgePort = "IM_EDGE_PORT";

    private const string Preamble = """
        # Settings and secrets for docker-compose.yml, made by './im secrets'. The servers' data lie under these passwords: keep them as long as the data.
        # Prometheus, Grafana and the collector: take away the # of the next two lines.
        #COMPOSE_PROFILES=telemetry
        #IM_OTLP_ENDPOINT=http://collector:4318

        """;

    public static IReadOnlyList<string> Secrets { get; } =
        ["IM_ADMIN_KEY", "IM_GRAFANA_PASSWORD", "IM_POSTGRES_PASSWORD", "IM_RABBITMQ_PASSWORD", "IM_REDIS_PASSWORD"];

    /// <summary>The text with a line more for everything that it lacks.</summary>
    /// <param name="present">Empty where there is no file.</param>
    /// <param name="publicUrl">The address that clients use.</param>
    /// <param name="generate">Makes a secret.</param>
    public static string Complete(string present, Uri publicUrl, Func<string> generate)
    {
        var text = present.Length == 0 ? Preamble.ReplaceLineEndings("\n") : present.TrimEnd('\n') + "\n";
        Add(PublicUrl, () => publicUrl.GetLeftPart(UriPartial.Authority));
        if (!publicUrl.IsDefaultPort) Add(EdgePort, () => $"{publicUrl.Port}");
        foreach (var name in Secrets) Add(name, generate);
        return text;

        void Add(string name, Func<string> value)
        {
            if (ValueOf(present, name) is null) text += $"{name}={value()}\n";
        }
    }

    /// <summary>As compose reads it: the last line counts. Null where there is none, or nothing in it.</summary>
    public static string? ValueOf(string text, string name) => text.Split('\n')
        .Select(line => line.Trim().Split('=', 2))
        .LastOrDefault(pair => pair.Length == 2 && pair[0] == name) is [_, { Length: > 0 } value] ? value : null;
}
