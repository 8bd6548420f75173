using System.Globalization;

namespace Im.Local;

/// <summary>
/// A Prometheus with the configuration and the rules that compose uses, except that it reads a page of this machine, and that every second. It keeps its figures
/// as long as it runs.
/// </summary>
public sealed class PrivatePrometheus(InstancePaths paths, Uri page) : ManagedProcess("prometheus", "prometheus", paths)
{
    private static readonly string Deployed = Path.Combine(SolutionBinaries.Root, "deploy", "telemetry");
    private readonly string _directory = paths.Data("prometheus");

    public override int Port { get; } = FreePort.Next();

    public Uri Url => new($"http://127.0.0.1:{Port.ToString(CultureInfo.InvariantCulture)}");

    public override async Task<bool> IsReadyAsync(CancellationToken cancel = default) => await Probe.HealthAsync(Port, "/-/ready", cancel) == true;

    private protected override async Task<ChildCommand> PrepareAsync(CancellationToken cancel)
    {
        var program = Programs.Require("prometheus", "prometheus");
        Directory.CreateDirectory(_directory);
        var text = await File.ReadAllTextAsync(Path.Combine(Deployed, "prometheus.yml"), cancel);
        text = text.Replace("15s", "1s", StringComparison.Ordinal)
            .Replace("collector:9464", page.Authority, StringComparison.Ordinal)
            .Replace("/etc/prometheus/", Deployed + "/", StringComparison.Ordinal);
        var configuration = Path.Combine(_directory, "prometheus.yml");
        await File.WriteAllTextAsync(configuration, text, cancel);
        return new ChildCommand(
            program,
            $"--config.file={configuration}",
            $"--storage.tsdb.path={Path.Combine(_directory, "data")}",
            $"--web.listen-address=127.0.0.1:{Port.ToString(CultureInfo.InvariantCulture)}")
        { LogPath = LogPath };
    }
}
