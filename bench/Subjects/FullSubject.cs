using Im.Local;
using Npgsql;

namespace Im.Bench.Subjects;

/// <summary>Im as it is deployed: a process per service, two gateways, two message services, on RabbitMQ, Redis and PostgreSQL, every feature on.</summary>
internal static class FullSubject
{
    /// <summary>The largest group of the goals; 500 is the default.</summary>
    private static readonly Dictionary<string, string> Settings = new() { ["Im__Message__MaxGroupMembers"] = "10000" };

    /// <summary>As <c>./im up full</c> starts it.</summary>
    public static Subject Subject { get; } = With("im full", gateways: 2, messageServices: 2);

    /// <param name="isFilled">Its log is full of messages before anything is measured, see <see cref="LogFill"/>.</param>
    public static Subject With(string name, int gateways, int messageServices, bool isFilled = true) => new(
        name, $"{gateways} gateways, {messageServices} message services, five other services, RabbitMQ, Redis, PostgreSQL", "im-full",
        (directory, cancel) => StartAsync(directory, gateways, messageServices, isFilled, cancel));

    private static async Task<RunningSubject> StartAsync(string directory, int gateways, int messageServices, bool isFilled, CancellationToken cancel)
    {
        var cluster = await FullCluster.StartAsync(
            new FullClusterOptions
            {
                Directory = directory,
                KeepData = true,
                GatewayListen = [.. Enumerable.Repeat("http://127.0.0.1:0", gateways)],
                MessageServices = messageServices,
                Settings = Settings,
            },
            cancel);
        try
        {
            return new RunningSubject(
                [.. cluster.GatewayUrls.Select((url, index) => (url, cluster[$"gateway-{index + 1}"].Identity!))],
                cluster.AdminUrl, cluster.AdminKey, [.. cluster.Processes.Select(process => process.Identity!)], await FactsAsync(cluster.Postgres.AdministratorConnectionString, isFilled, cancel),
                async () =>
                {
                    await cluster.StopAsync(CancellationToken.None);
                    await cluster.DisposeAsync();
                });
        }
        catch
        {
            await cluster.DisposeAsync();
            throw;
        }
    }

    private static async Task<IReadOnlyList<string>> FactsAsync(string connectionString, bool isFilled, CancellationToken cancel)
    {
        await using var connection = new NpgsqlConnection(connectionString + ";Pooling=false");
        await connection.OpenAsync(cancel);
        return
        [
            .. await PackageFacts.ReadAsync(["rabbitmq-server", "redis-server"], cancel), .. await PostgresFacts.ReadAsync(connection, cancel),
            isFilled ? $"{await LogFill.AtLeastAsync(connection, cancel):N0} messages in the log before" : "an empty log",
        ];
    }
}
