using System.Globalization;

namespace Im.Local;

/// <summary>
/// The edge of production on this machine: nginx with the configuration that compose uses, TLS included, before the gateways and the admin service. Its
/// certificate signs itself.
/// </summary>
public sealed class PrivateEdge : ManagedProcess
{
    private readonly string _directory;
    private readonly IReadOnlyList<int> _gateways;
    private readonly int _admin;
    private readonly int _healthPort = FreePort.Next();
    private readonly Lazy<EdgeCertificate> _certificate;

    /// <param name="paths">Where its log, its certificate and its configuration go.</param>
    /// <param name="gateways">The ports of the gateways on 127.0.0.1.</param>
    /// <param name="admin">The port of the admin service.</param>
    /// <param name="ports">Where it listens.</param>
    public PrivateEdge(InstancePaths paths, IReadOnlyList<int> gateways, int admin, EdgePorts ports) : base("edge", "edge", paths)
    {
        (_gateways, _admin) = (gateways, admin);
        Port = ports.Clients == 0 ? FreePort.Next() : ports.Clients;
        AdminPort = ports.Operators == 0 ? FreePort.Next() : ports.Operators;
        _directory = paths.Data("edge");
        _certificate = new(() => EdgeCertificate.ReadOrCreate(_directory, "localhost"));
    }

    /// <summary>For clients.</summary>
    public override int Port { get; }

    /// <summary>For operators.</summary>
    public int AdminPort { get; }

    public Uri Url => new($"https://127.0.0.1:{Port.ToString(CultureInfo.InvariantCulture)}");

    public Uri AdminUrl => new($"https://127.0.0.1:{AdminPort.ToString(CultureInfo.InvariantCulture)}");

    /// <summary>Whom clients have to trust.</summary>
    public EdgeCertificate Certificate => _certificate.Value;

    /// <summary>True for an edge that reaches a gateway which is ready.</summary>
    public override async Task<bool> IsReadyAsync(CancellationToken cancel = default) => await Probe.HealthAsync(_healthPort, cancel) == true;

    private protected override async Task<ChildCommand> PrepareAsync(CancellationToken cancel)
    {
        var program = Programs.Require("nginx", "nginx");
        Directory.CreateDirectory(_directory);
        var values = new Dictionary<string, string>
        {
            ["IM_EDGE_DIRECTORY"] = _directory,
            ["IM_EDGE_CERTIFICATE"] = Certificate.CertificatePath,
            ["IM_EDGE_KEY"] = Certificate.KeyPath,
            ["IM_EDGE_LISTEN"] = Loopback(Port),
            ["IM_EDGE_ADMIN_LISTEN"] = Loopback(AdminPort),
            ["IM_EDGE_HEALTH_LISTEN"] = Loopback(_healthPort),
            ["IM_EDGE_GATEWAYS"] = string.Join(' ', _gateways.Select(port => $"server {Loopback(port)} max_fails=1 fail_timeout=2s;")),
            ["IM_EDGE_ADMIN"] = Loopback(_admin),
        };
        var text = await File.ReadAllTextAsync(Path.Combine(SolutionBinaries.Root, "deploy", "edge", "nginx.conf.template"), cancel);
        foreach (var (name, value) in values) text = text.Replace($"${{{name}}}", value, StringComparison.Ordinal);
        var configuration = Path.Combine(_directory, "nginx.conf");
        await File.WriteAllTextAsync(configuration, text, cancel);
        // One process, so that nothing is left when it is killed: its workers would outlive it, and hold its ports.
        return new ChildCommand(program, "-e", "stderr", "-c", configuration, "-g", "daemon off; master_process off;") { LogPath = LogPath };
    }

    private static string Loopback(int port) => string.Create(CultureInfo.InvariantCulture, $"127.0.0.1:{port}");
}

/// <summary>Where an edge listens on 127.0.0.1; 0 takes a free port.</summary>
public sealed record EdgePorts(int Clients = 0, int Operators = 0);
