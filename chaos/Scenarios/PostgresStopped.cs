namespace Im.Chaos.Scenarios;

/// <summary>PostgreSQL shuts down as fast as it can, as before the machine's end: commits that are under way are there afterwards or not.</summary>
public sealed class PostgresStopped : IScenario
{
    private static readonly TimeSpan Away = TimeSpan.FromSeconds(5), EndLimit = TimeSpan.FromSeconds(30);

    public string Name => "postgres-stopped";

    public string About => "immediate shutdown of PostgreSQL, 5 s away";

    public TimeSpan Length => TimeSpan.FromSeconds(8);

    public Task RunAsync(Stage stage, CancellationToken cancel)
    {
        var postgres = stage.System.Cluster.Postgres;
        return stage.BreakAsync(
            "postgres stopped immediately, started again after 5 s",
            accepting: false,
            () =>
            {
                postgres.Quit();
                return postgres.Exited.WaitAsync(EndLimit, stage.Time, cancel);
            },
            Away,
            () => stage.StartAsync(postgres),
            cancel);
    }
}
