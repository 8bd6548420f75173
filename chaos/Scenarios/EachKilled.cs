namespace Im.Chaos.Scenarios;

/// <summary>One of every service and the broker die, in random order, hardly giving the others time to recover: what a test run has time for.</summary>
public sealed class EachKilled : IScenario
{
    public const string ScenarioName = "each-killed";

    private static readonly string[] Services = ["gateway", "message", "login", "session", "presence", "profile", "admin"];

    public string Name => ScenarioName;

    public string About => "kill -9 of one of every service and of RabbitMQ, one every 3 to 6 s, each started again at once";

    public TimeSpan Length => TimeSpan.FromSeconds(45);

    public async Task RunAsync(Stage stage, CancellationToken cancel)
    {
        var names = Services.Select(service => $"{service}-{stage.Random.Next(1, 3)}").Append(stage.System.Cluster.RabbitMq.Name).ToArray();
        stage.Random.Shuffle(names);
        foreach (var name in names)
        {
            var isBroker = name == stage.System.Cluster.RabbitMq.Name;
            await stage.KillAsync(stage.Process(name), TimeSpan.Zero, accepting: !isBroker, cancel);
            await stage.PauseAsync(stage.Seconds(3, 6), cancel);
        }
    }
}
