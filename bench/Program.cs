using System.Globalization;
using System.Net.WebSockets;
using Im.Bench;
using Im.Bench.Load;
using Im.Bench.Relay;
using Im.Bench.Results;
using Im.Bench.Scenarios;
using Im.Client;
using Im.Local;
using Npgsql;

if (args is [RelayServer.Verb, var port])
{
    await RelayServer.RunAsync(int.Parse(port, CultureInfo.InvariantCulture));
    return 0;
}

var isScenario = args is [not ['-', ..], ..];
if (args is ["--help"] or ["-h"] or [_, "--help"] or [_, "-h"])
{
    Console.WriteLine(isScenario ? ScenarioOptions.Usage : BenchOptions.Usage);
    return 0;
}

using var interrupted = new CancellationTokenSource();
Console.CancelKeyPress += (_, press) =>
{
    press.Cancel = true;
    interrupted.Cancel();
};

try
{
    return isScenario ? await CompareAsync() : await LoadAsync();
}
catch (Exception e) when (e is FormatException or HttpRequestException or WebSocketException or ImApiException or IOException or TimeoutException or OperationCanceledException
    or LocalStartException or NpgsqlException)
{
    Console.Error.WriteLine(e.Message);
    return 2;
}

async Task<int> LoadAsync()
{
    var options = BenchOptions.Parse(args);
    await using var load = new LoadRun(options);
    var report = await load.RunAsync(interrupted.Token);
    report.WriteTable(Console.Out);
    if (options.Json) report.WriteJson(Console.Out);
    return report.Figures.Failed ? 1 : 0;
}

async Task<int> CompareAsync()
{
    var said = "";
    var outcome = await new Comparison(ScenarioOptions.Parse(args), Console.WriteLine, async so =>
    {
        var (markdown, path) = await ResultFiles.WriteAsync(so, $"./im bench {string.Join(' ', args.Select(word => word.Contains(' ') ? $"'{word}'" : word))}", interrupted.Token);
        said = $"\n{markdown}\nwritten to {path}";
    }).RunAsync(interrupted.Token);
    Console.WriteLine(said);
    return outcome.Failed ? 1 : 0;
}
