namespace Im.Local;

/// <summary>Finds what the solution has built, starting from the running program, in the configuration that it was built in itself.</summary>
public static class SolutionBinaries
{
    private const string Framework = "net10.0";

    /// <summary>The directory with Im.sln, from the running program upwards.</summary>
    /// <exception cref="LocalStartException">The program does not run from within the solution.</exception>
    public static string Root { get; } = FindRoot();

    /// <summary>The dotnet that runs us, if it says which it is, else the one on the PATH.</summary>
    public static string Dotnet => Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet";

    private static string Configuration { get; } =
        AppContext.BaseDirectory.Split(Path.DirectorySeparatorChar).Contains("Debug") ? "Debug" : "Release";

    /// <summary>
    /// The program of a service, for instance "gateway": Im.Gateway.dll. A release's are all in standalone's folder, which is compiled ahead for this machine.
    /// </summary>
    public static string Service(string service) => Configuration == "Release"
        ? Ahead(Root, "standalone", service)
        : BuiltAlone(Root, service);

    /// <summary>
    /// The program of a service in another copy of the solution: compiled ahead with all of them or by itself, else as its project was built. Null where none is there.
    /// </summary>
    public static string? FindService(string root, string service) =>
        new[] { Ahead(root, "standalone", service), Ahead(root, service, service), BuiltAlone(root, service) }.FirstOrDefault(File.Exists);

    /// <summary>Where a project of a service is compiled ahead to.</summary>
    public static string AheadFolder(string root, string project) => Path.Combine(root, "services", project, "bin", Configuration, "ahead");

    /// <summary>The assembly that the project in this folder of the solution builds.</summary>
    public static string Built(string folder, string assembly) =>
        Path.Combine(Root, folder, "bin", Configuration, Framework, assembly + ".dll");

    /// <summary>The same, compiled ahead where this is a release.</summary>
    public static string BuiltAhead(string folder, string assembly) =>
        Configuration == "Release" ? Path.Combine(Root, folder, "bin", Configuration, "ahead", assembly + ".dll") : Built(folder, assembly);

    private static string Ahead(string root, string project, string service) => Path.Combine(AheadFolder(root, project), Assembly(service) + ".dll");

    private static string BuiltAlone(string root, string service) =>
        Path.Combine(root, "services", service, "bin", Configuration, Framework, Assembly(service) + ".dll");

    private static string Assembly(string service) => $"Im.{char.ToUpperInvariant(service[0])}{service[1..]}";

    private static string FindRoot()
    {
        for (var directory = new DirectoryInfo(AppContext.BaseDirectory); directory is not null; directory = directory.Parent)
        {
            if (File.Exists(Path.Combine(directory.FullName, "Im.sln")))
                return directory.FullName;
        }
        throw new LocalStartException($"no Im.sln above {AppContext.BaseDirectory}");
    }
}
