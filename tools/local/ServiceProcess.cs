namespace Im.Local;

/// <summary>One of our own services as a process: "dotnet PROGRAM.dll" with its settings in the environment, ready when /healthz/ready says so.</summary>
public sealed class ServiceProcess : ManagedProcess
{
    private readonly IReadOnlyDictionary<string, string?> _environment;

    /// <param name="name">Name of the instance; also the name of its log.</param>
    /// <param name="service">The service, for instance "gateway".</param>
    /// <param name="program">Path of the built dll.</param>
    /// <param name="port">Port of its door or health page on 127.0.0.1.</param>
    /// <param name="environment">Variables to set; a null value removes one that the parent has.</param>
    /// <param name="paths">Where its log and pid file go.</param>
    public ServiceProcess(string name, string service, string program, int port, IReadOnlyDictionary<string, string?> environment, InstancePaths paths)
        : base(name, service, paths)
    {
        Program = program;
        _environment = environment;
        Port = port;
    }

    public override int Port { get; }

    /// <summary>Path of the built dll that the next start runs: another one is an upgrade.</summary>
    public string Program { get; set; }

    internal static void RequireBuilt(string name, string program)
    {
        if (!File.Exists(program))
            throw new LocalStartException($"{name}: {program} is not built; run: dotnet build Im.sln -c Release");
    }

    /// <summary>What stands behind the program on its command line.</summary>
    public IReadOnlyList<string> Arguments { get; init; } = [];

    public override async Task<bool> IsReadyAsync(CancellationToken cancel = default) => await Probe.HealthAsync(Port, cancel) == true;

    private protected override Task<ChildCommand> PrepareAsync(CancellationToken cancel)
    {
        RequireBuilt(Name, Program);
        return Task.FromResult(new ChildCommand(SolutionBinaries.Dotnet, [Program, .. Arguments])
        {
            LogPath = LogPath,
            Environment = _environment,
            // Where its appsettings.json lies.
            WorkingDirectory = Path.GetDirectoryName(Program)!,
        });
    }
}
