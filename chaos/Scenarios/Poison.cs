using Im.Contracts;
using RabbitMQ.Client;

namespace Im.Chaos.Scenarios;

/// <summary>
/// Messages that nobody of ours would send lie in every queue among the good ones: garbage, torn and future batches, events about what does not exist. Each is
/// dropped by who reads it; nobody dies, nothing stands still behind it, nothing is left.
/// </summary>
public sealed class Poison : IScenario
{
    private static readonly TimeSpan Poisoned = TimeSpan.FromSeconds(30), Every = TimeSpan.FromMilliseconds(25);

    /// <summary>Of every queue, to be seen empty once. Nobody talks meanwhile: under load there is always something on its way through some.</summary>
    private static readonly TimeSpan DrainLimit = TimeSpan.FromSeconds(60);

    private static readonly TimeSpan Look = TimeSpan.FromSeconds(1);

    public string Name => "poison";

    public string About => $"unreadable and absurd messages on every queue for {Poisoned.TotalSeconds:0} s; none stays, and no service dies of one";

    public TimeSpan Length => TimeSpan.FromSeconds(40);

    public async Task RunAsync(Stage stage, CancellationToken cancel)
    {
        var pids = stage.System.Services.ToDictionary(process => process.Name, process => process.Pid);
        var broker = stage.System.Cluster.RabbitMq;
        var queues = (await broker.CountQueuesAsync(cancel)).Keys.Order(StringComparer.Ordinal).ToArray();
        await stage.BreakAsync(
            $"poison on {queues.Length} queues",
            accepting: true,
            () => Task.CompletedTask,
            () => GiveAsync(stage, queues, cancel),
            () => Task.CompletedTask);
        var pace = stage.Crowd.Pace;
        stage.Crowd.Pace = 0;
        await DrainAsync(stage, cancel);
        stage.Crowd.Pace = pace;
        foreach (var process in stage.System.Services.Where(process => !process.IsRunning || process.Pid != pids[process.Name]))
            stage.Found($"{process.Name} did not survive the poison");
    }

    private static async Task GiveAsync(Stage stage, string[] queues, CancellationToken cancel)
    {
        var factory = new ConnectionFactory { Uri = new Uri(stage.System.Cluster.RabbitMq.Uri), AutomaticRecoveryEnabled = false };
        await using var connection = await factory.CreateConnectionAsync("poison", cancel);
        await using var channel = await connection.CreateChannelAsync(cancellationToken: cancel);
        var pairs = stage.Crowd.Pairs.Keys.Select(text => ConversationId.TryParse(text, out var id) ? id : default).Where(id => id.IsDirect).ToArray();
        var doses = new PoisonDoses(stage.Random, pairs);
        var began = stage.Time.GetTimestamp();
        for (var round = 0; stage.Time.GetElapsedTime(began) < Poisoned; round++)
        {
            // The node queues of processes that restarted meanwhile are gone, and a message to them with them.
            var queue = queues[(round + stage.Random.Next(queues.Length)) % queues.Length];
            var dose = doses.For(queue);
            var properties = new BasicProperties { ContentType = dose.ContentType };
            await channel.BasicPublishAsync("", queue, mandatory: false, properties, dose.Body, cancel);
            await Task.Delay(Every, stage.Time, cancel);
        }
    }

    private static async Task DrainAsync(Stage stage, CancellationToken cancel)
    {
        var began = stage.Time.GetTimestamp();
        var full = new Dictionary<string, int>();
        var isFirst = true;
        do
        {
            if (!isFirst) await Task.Delay(Look, stage.Time, cancel);
            var now = await stage.System.Cluster.RabbitMq.CountQueuesAsync(cancel);
            full = now.Where(queue => queue.Value > 0 && (isFirst || full.ContainsKey(queue.Key))).ToDictionary();
            isFirst = false;
        }
        while (full.Count > 0 && stage.Time.GetElapsedTime(began) < DrainLimit);

        foreach (var (queue, count) in full) stage.Found($"{count} messages stay in the queue {queue}, {DrainLimit.TotalSeconds:0} s after the last poison and without load");
    }
}
