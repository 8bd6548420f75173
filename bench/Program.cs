using System.Net.WebSockets;
using Im.Bench;
using Im.Client;

if (args is ["--help"] or ["-h"])
{
    Console.WriteLine(BenchOptions.Usage);
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
    var options = BenchOptions.Parse(args);
    await using var load = new Load(options);
    var report = await load.RunAsync(interrupted.Token);
    report.WriteTable(Console.Out);
    if (options.Json) report.WriteJson(Console.Out);
    return report.Failed ? 1 : 0;
}
catch (Exception e) when (e is FormatException or HttpRequestException or WebSocketException or ImApiException or IOException or TimeoutException or OperationCanceledException)
{
    Console.Error.WriteLine(e.Message);
    return 2;
}
