using System.Globalization;
using System.Text.Json;
using Im.Local;

namespace Im.Tool;

/// <summary>'im ps': every process of the instance, each asked in its own protocol how it is.</summary>
internal static class Ps
{
    private static readonly JsonSerializerOptions Format = new(JsonSerializerDefaults.Web) { WriteIndented = true };

    /// <param name="Health">ready; unready (answers that it cannot serve now); silent (runs, no answer within 2 s); dead.</param>
    private sealed record Row(string Name, string Service, int Pid, int Port, string Health);

    public static async Task<int> RunAsync(bool json, CancellationToken cancel)
    {
        var state = RunState.Load();
        var rows = await Task.WhenAll((state?.Processes ?? []).Select(process => RowAsync(process, state!, cancel)));
        if (json)
            Console.WriteLine(JsonSerializer.Serialize(rows, Format));
        else if (state is null)
            Console.WriteLine("nothing is running");
        else
            PrintTable(rows);
        return 0;
    }

    private static async Task<Row> RowAsync(RunningProcess process, RunState state, CancellationToken cancel) =>
        new(process.Name, process.Service, process.Identity.Pid, process.Port,
            process.Identity.IsAlive ? await HealthAsync(process, state, cancel) : "dead");

    private static async Task<string> HealthAsync(RunningProcess process, RunState state, CancellationToken cancel)
    {
        bool? ready = process.Service switch
        {
            "rabbitmq" => await Probe.AmqpAsync(process.Port, cancel) ? true : null,
            "redis" => await Probe.RedisAsync(process.Port, state.RedisPassword, cancel) ? true : null,
            "postgres" => await Probe.PostgresAsync(process.Port, cancel) ? true : null,
            "edge" => await Probe.TcpAsync(process.Port, cancel) ? true : null,
            _ => await Probe.HealthAsync(process.Port, cancel),
        };
        return ready switch { true => "ready", false => "unready", null => "silent" };
    }

    private static void PrintTable(IEnumerable<Row> rows)
    {
        Print("NAME", "SERVICE", "PID", "PORT", "HEALTH");
        foreach (var row in rows)
            Print(row.Name, row.Service, row.Pid, row.Port, row.Health);

        static void Print(string name, string service, object pid, object port, string health) =>
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{name,-12} {service,-12} {pid,7} {port,6} {health}"));
    }
}
