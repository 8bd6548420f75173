using Im.Local;

namespace Im.Tool.Tests;

/// <summary>A directory for one test's instance, deleted with the test.</summary>
public sealed class Scratch : IDisposable
{
    public string Root { get; } = TestInstances.Create("tool");

    public InstancePaths Paths => new(Root);

    /// <summary>The stand-in for our services.</summary>
    public static string ServiceProgram => SolutionBinaries.Built(Path.Combine("tests", "tool-service"), "Im.Tool.Tests.Service");

    public ServiceProcess Service(string name, bool restart = false)
    {
        var port = FreePort.Next();
        return new(name, "stand-in", ServiceProgram, port, Environment(port), Paths) { Restart = restart };
    }

    private static Dictionary<string, string?> Environment(int port) =>
        ServiceSettings.Environment(new Dictionary<string, string> { [ServiceSettings.HealthListen] = $"http://127.0.0.1:{port}" }, new Dictionary<string, string>());

    public void Dispose()
    {
        PrivatePostgres.DeleteData(Paths);
        Directory.Delete(Root, recursive: true);
    }
}
