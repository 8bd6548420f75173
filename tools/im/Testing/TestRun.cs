using Im.Local;

namespace Im.Tool.Testing;

/// <summary>
/// 'im test': everything from a bare machine to one line that sums up all projects. Bounded in time; whatever it started ends with it.
/// The last line is printed in every case in which tests could have run.
/// </summary>
internal static class TestRun
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(60);

    /// <summary>Failures named again at the end, so that the sum stays in sight.</summary>
    private const int Repeated = 10;

    public static async Task<int> RunAsync(IReadOnlyList<string> arguments, CancellationToken cancel)
    {
        using var held = Instance.Lock("test", "another './im test' is running in this directory");
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        limit.CancelAfter(Limit);
        var run = new Tally();
        Descendants.Keep();
        try
        {
            TestInstances.DeleteLeftovers();
            await Prerequisites.EnsureAsync(limit.Token);
            await CheckStyleAsync(run, limit.Token);
            await InstallNodePackagesAsync(run, limit.Token);
            foreach (var project in TestProject.FindAll(SolutionBinaries.Root))
                await RunProjectAsync(project, arguments, run, limit.Token);
        }
        catch (OperationCanceledException)
        {
            run.Fail(cancel.IsCancellationRequested ? "interrupted" : $"stopped at the limit of {Limit.TotalMinutes:0} minutes");
        }
        if (run.Sum == TestCounts.None)
            await Console.Error.WriteLineAsync("no test ran");
        run.Repeat();
        Console.WriteLine(run.Sum);
        return run.Sum.IsGood ? 0 : 1;
    }

    private static async Task CheckStyleAsync(Tally run, CancellationToken cancel)
    {
        Console.WriteLine("code style");
        if (await Step.RunAsync(SolutionBinaries.Dotnet, ["format", "Im.sln", "--verify-no-changes", "--no-restore"], SolutionBinaries.Root, cancel) != 0)
            run.Fail("the code style differs; 'dotnet format Im.sln' corrects it");
    }

    private static async Task InstallNodePackagesAsync(Tally run, CancellationToken cancel)
    {
        string[] arguments = ["ci", "--no-audit", "--no-fund", "--loglevel=error"];
        foreach (var lockFile in Directory.EnumerateFiles(Path.Combine(SolutionBinaries.Root, "tests"), "package-lock.json", new EnumerationOptions { RecurseSubdirectories = true, MaxRecursionDepth = 1 }))
        {
            var directory = Path.GetDirectoryName(lockFile)!;
            var name = Path.GetRelativePath(SolutionBinaries.Root, directory);
            Console.WriteLine($"packages of {name}");
            if (await Step.RunAsync(Programs.Require("npm", "npm"), arguments, directory, cancel) != 0)
                run.Fail($"npm ci failed in {name}");
        }
    }

    private static async Task RunProjectAsync(TestProject project, IReadOnlyList<string> arguments, Tally run, CancellationToken cancel)
    {
        Console.WriteLine(project.Name);
        var report = Path.Combine(Instance.Directory, "test-results", project.Name + ".xml");
        Directory.CreateDirectory(Path.GetDirectoryName(report)!);
        File.Delete(report);
        if (!File.Exists(project.Program))
        {
            run.Fail($"{project.Program} is not built; is {project.Name} in Im.sln?");
            return;
        }
        string[] command = [project.Program, "-noLogo", "-noColor", .. TestProject.Filters(arguments), "-xml", report];
        var status = await Step.RunAsync(SolutionBinaries.Dotnet, command, SolutionBinaries.Root, cancel);
        var written = File.Exists(report) ? await File.ReadAllTextAsync(report, cancel) : null;
        var counts = TestCounts.FromRun(status, written);
        run.Add(counts, written is null ? [] : TestFailure.ReadAll(written));
        Console.WriteLine($"{project.Name}: {counts}{(counts == TestCounts.OneFailure && status != 1 ? $" (ended with status {status})" : "")}");
    }

    private sealed class Tally
    {
        private readonly List<string> _failures = [];

        public TestCounts Sum { get; private set; } = TestCounts.None;

        public void Add(TestCounts counts, IEnumerable<TestFailure> failures)
        {
            Sum += counts;
            _failures.AddRange(failures.Select(failure => failure.ToString()));
        }

        public void Fail(string reason)
        {
            Console.WriteLine($"FAILED: {reason}");
            _failures.Add(reason);
            Sum += TestCounts.OneFailure;
        }

        /// <summary>Says once more, close to the end, what failed: whoever has only the tail of a long log must be able to see it.</summary>
        public void Repeat()
        {
            foreach (var failure in _failures.Take(Repeated)) Console.WriteLine($"FAILED: {failure}");
            if (_failures.Count > Repeated) Console.WriteLine($"and {_failures.Count - Repeated} more");
        }
    }
}
