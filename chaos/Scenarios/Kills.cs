namespace Im.Chaos.Scenarios;

/// <summary>Services die one after the other, in the middle of whatever they do.</summary>
public sealed class Kills : IScenario
{
    private const int Times = 4;

    /// <summary>Gateways and message services have the messages, so they die more often; over several runs everybody's turn comes.</summary>
    private static readonly string[] Lots =
    [
        .. Enumerable.Repeat<string[]>(["gateway-1", "gateway-2", "message-1", "message-2"], 3).SelectMany(names => names),
        .. ((string[])["login", "session", "presence", "profile", "admin"]).SelectMany(service => (string[])[$"{service}-1", $"{service}-2"]),
    ];

    public string Name => "kills";

    public string About => "kill -9 of four services drawn by lot, one every 10 to 20 s, each back within 2 s";

    public TimeSpan Length => TimeSpan.FromSeconds(60);

    public async Task RunAsync(Stage stage, CancellationToken cancel)
    {
        foreach (var name in Draw(stage.Random))
        {
            var away = stage.Seconds(0, 2);
            await stage.KillAsync(stage.Process(name), away, accepting: true, cancel);
            await stage.PauseAsync(stage.Seconds(10, 20) - away, cancel);
        }
    }

    /// <summary>Different ones, each as likely as it has lots.</summary>
    public static IReadOnlyList<string> Draw(Random random)
    {
        var lots = Lots.ToArray();
        random.Shuffle(lots);
        return [.. lots.Distinct().Take(Times)];
    }
}
