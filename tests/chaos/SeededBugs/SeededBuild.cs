using System.Diagnostics;
using Im.Local;

namespace Im.Chaos.Tests.SeededBugs;

/// <summary>
/// A copy of the product's sources with a bug in it, built, in a directory of its own below <c>.im/seeded</c>. It stays there until the bug is built
/// again, to be looked at and run by hand.
/// </summary>
public static class SeededBuild
{
    /// <summary>All that the services are made of.</summary>
    private static readonly string[] Folders = ["services", "shared", "clients/web"];

    private static readonly string[] Files = ["Directory.Build.props", "Directory.Packages.props", "global.json", ".editorconfig"];

    /// <summary>What builds and runs leave among the sources.</summary>
    private static readonly string[] Left = ["bin", "obj", "node_modules"];

    /// <summary>A mistake need not keep the style, and nobody reads its documentation.</summary>
    private static readonly string[] Lenient =
        ["-p:TreatWarningsAsErrors=false", "-p:RunAnalyzers=false", "-p:EnforceCodeStyleInBuild=false", "-p:GenerateDocumentationFile=false"];

    /// <summary>
    /// The directory with the services that the bug changes, below it as in the solution: <c>services/message/bin/Release/ahead</c>. Compiled ahead as the product is:
    /// what compiles itself is slow for a while after each start, and that alone could be taken for the bug.
    /// </summary>
    /// <exception cref="InvalidOperationException">An edit does not fit the sources of today, or what came of it does not compile.</exception>
    public static async Task<string> MakeAsync(SeededBug bug, CancellationToken cancel)
    {
        var directory = Path.Combine(SolutionBinaries.Root, ".im", "seeded", bug.Name);
        // From nothing each time: a build decides by the times of files, and those of copies say little.
        if (Directory.Exists(directory)) Directory.Delete(directory, recursive: true);
        foreach (var folder in Folders) Copy(Path.Combine(SolutionBinaries.Root, folder), Path.Combine(directory, folder));
        foreach (var file in Files) File.Copy(Path.Combine(SolutionBinaries.Root, file), Path.Combine(directory, file));
        foreach (var edit in bug.Edits)
        {
            var path = Path.Combine(directory, edit.File);
            await File.WriteAllTextAsync(path, edit.ApplyTo(await File.ReadAllTextAsync(path, cancel)), cancel);
        }

        foreach (var service in bug.Services) await PublishAsync(directory, service, cancel);
        return directory;
    }

    private static void Copy(string from, string to)
    {
        Directory.CreateDirectory(to);
        foreach (var file in Directory.EnumerateFiles(from)) File.Copy(file, Path.Combine(to, Path.GetFileName(file)));
        foreach (var folder in Directory.EnumerateDirectories(from).Where(folder => !Left.Contains(Path.GetFileName(folder))))
            Copy(folder, Path.Combine(to, Path.GetFileName(folder)));
    }

    private static async Task PublishAsync(string root, string service, CancellationToken cancel)
    {
        var project = Path.Combine(root, "services", service);
        string[] ahead = ["--use-current-runtime", "--no-self-contained", "-p:PublishReadyToRun=true", "--output", SolutionBinaries.AheadFolder(root, service)];
        var info = new ProcessStartInfo(
            SolutionBinaries.Dotnet, ["publish", project, "-c", "Release", "-v", "quiet", "--nologo", "-nodeReuse:false", .. ahead, .. Lenient])
        {
            // Where its own global.json is found.
            WorkingDirectory = project,
            RedirectStandardOutput = true,
        };
        using var build = Process.Start(info)!;
        try
        {
            var output = await build.StandardOutput.ReadToEndAsync(cancel);
            await build.WaitForExitAsync(cancel);
            if (build.ExitCode != 0) throw new InvalidOperationException($"{project} does not compile:\n{output}");
        }
        finally
        {
            if (!build.HasExited) build.Kill(entireProcessTree: true);
        }
    }
}
