using System.Diagnostics;
using System.Text;
using Im.Local;

[assembly: AssemblyFixture(typeof(Im.Client.Tests.Package.PackedPackages))]

namespace Im.Client.Tests.Package;

/// <summary>Both packages, packed once from what the tests run, in a directory outside of the repository, so that none of its settings reach there.</summary>
public sealed class PackedPackages : IDisposable
{
    private readonly Lock _gate = new();
    private readonly DirectoryInfo _root = Directory.CreateTempSubdirectory("im-packages-");
    private Task<string>? _packed;

    public string Root => _root.FullName;

    /// <summary>The directory with the packages.</summary>
    public Task<string> DirectoryAsync()
    {
        lock (_gate) return _packed ??= PackAsync();
    }

    public void Dispose() => _root.Delete(recursive: true);

    private async Task<string> PackAsync()
    {
        var directory = Path.Combine(Root, "packages");
        var configuration = AppContext.BaseDirectory.Split(Path.DirectorySeparatorChar).Contains("Debug") ? "Debug" : "Release";
        foreach (var project in new[] { "shared/protocol/Im.Protocol.csproj", "clients/dotnet/Im.Client.csproj" })
            await DotnetAsync(SolutionBinaries.Root, ["pack", project, "-c", configuration, "--no-build", "--nologo", "-o", directory]);
        return directory;
    }

    /// <summary>Runs dotnet to its end and answers with what it wrote. A status other than 0 is a failure.</summary>
    public async Task<string> DotnetAsync(string directory, params string[] arguments)
    {
        var info = new ProcessStartInfo(SolutionBinaries.Dotnet, arguments) { WorkingDirectory = directory, RedirectStandardOutput = true, RedirectStandardError = true };
        info.Environment["DOTNET_CLI_TELEMETRY_OPTOUT"] = "1";
        // Build nodes would stay behind and hold on to the pipes.
        info.Environment["MSBUILDDISABLENODEREUSE"] = "1";
        if (directory != SolutionBinaries.Root) info.Environment["NUGET_PACKAGES"] = Path.Combine(Root, "cache");
        using var process = Process.Start(info)!;
        var output = new StringBuilder();
        using var limit = new CancellationTokenSource(TimeSpan.FromMinutes(5));
        try
        {
            var both = Task.WhenAll(process.StandardOutput.ReadToEndAsync(limit.Token), process.StandardError.ReadToEndAsync(limit.Token));
            await process.WaitForExitAsync(limit.Token);
            output.AppendJoin('\n', await both);
        }
        finally
        {
            if (!process.HasExited) process.Kill(entireProcessTree: true);
        }

        Assert.True(process.ExitCode == 0, $"dotnet {string.Join(' ', arguments)} ended with {process.ExitCode}:\n{output}");
        return output.ToString();
    }
}
