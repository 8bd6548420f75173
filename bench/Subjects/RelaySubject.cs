using System.Globalization;
using Im.Bench.Relay;
using Im.Local;

namespace Im.Bench.Subjects;

/// <summary>The relay in a process of its own.</summary>
internal static class RelaySubject
{
    public static Subject Subject { get; } = new("relay", "one process that passes frames on and keeps nothing: the limit of this machine, load tool and WebSockets included", "relay", StartAsync);

    private static async Task<RunningSubject> StartAsync(string directory, CancellationToken cancel)
    {
        var port = FreePort.Next();
        var environment = ServiceSettings.Environment(new Dictionary<string, string>(), new Dictionary<string, string>());
        var process = new ServiceProcess("relay", "relay", SolutionBinaries.Built("bench", "Im.Bench"), port, environment, new InstancePaths(directory))
        {
            Arguments = [RelayServer.Verb, port.ToString(CultureInfo.InvariantCulture)],
        };
        try
        {
            await process.StartAsync(cancel);
        }
        catch
        {
            await process.DisposeAsync();
            throw;
        }

        var address = new Uri($"http://127.0.0.1:{port}");
        return new RunningSubject([(address, process.Identity!)], address, "none", [process.Identity!], [], process.DisposeAsync);
    }
}
