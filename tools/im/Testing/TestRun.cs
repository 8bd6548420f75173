using Im.Local;

namespace Im.Tool.Testing;

/// <summary>
/// 'im test': everything from a bare machine to one line that sums up all projects. Bounded in time; whatever it started ends with it.
/// The last line is printed in every case in which tests could have run.
/// </summary>
internal static class TestRun
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(60), SignOfLife = TimeSpan.FromMinutes(1);

    private static readonly string Results = Path.Combine(Instance.Directory, "test-results");

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
            Directory.CreateDirectory(Results);
            await Prerequisites.EnsureAsync(limit.Token);
            await InstallNodePackagesAsync(run, limit.Token);
            // The longest begin, so that none of them is left for the end, with nothing to run beside it.
            var projects = TestProject.FindAll(SolutionBinaries.Root).OrderByDescending(project => project.Seconds);
            TestJob[] jobs = [StyleCheck(run), .. projects.Select(project => Job(project, arguments, run))];
            await new TestLanes(Results, Console.Out, SignOfLife, TimeProvider.System).RunAsync(jobs, limit.Token);
        }
        catch (OperationCanceledException)
        {
            run.Fail(cancel.IsCancellationRequested ? "interrupted" : $"stopped at the limit of {Limit.TotalMinutes:0} minutes");
        }
        finally
        {
            Descendants.Kill();
        }

        if (run.Sum == TestCounts.None)
            await Console.Error.WriteLineAsync("no test ran");
        run.Repeat();
        Console.WriteLine(run.Sum);
        return run.Sum.IsGood ? 0 : 1;
    }

    /// <summary>What the build does not say itself: it has all rules of style and analysis as errors, but none for blanks and for the order of imports.</summary>
    private static TestJob StyleCheck(Tally run) => new(
        "code style",
        TestLoad.Heavy,
        [SolutionBinaries.Dotnet, "format", "Im.sln", "--verify-no-changes", "--no-restore", "--diagnostics", "IMPORTS"],
        status =>
        {
            if (status == 0) return "kept";
            run.Fail("the code style differs; 'dotnet format Im.sln' corrects it");
            return "differs";
        });

    private static async Task InstallNodePackagesAsync(Tally run, CancellationToken cancel)
    {
        string[] command = [Programs.Require("npm", "npm"), "ci", "--no-audit", "--no-fund", "--loglevel=error"];
        foreach (var lockFile in Directory.EnumerateFiles(Path.Combine(SolutionBinaries.Root, "tests"), "package-lock.json", new EnumerationOptions { RecurseSubdirectories = true, MaxRecursionDepth = 1 }))
        {
            var directory = Path.GetDirectoryName(lockFile)!;
            var name = Path.GetRelativePath(SolutionBinaries.Root, directory);
            Console.WriteLine($"packages of {name}");
            if (await Step.RunAsync(command, directory, null, cancel) != 0)
                run.Fail($"npm ci failed in {name}");
        }
    }

    private static TestJob Job(TestProject project, IReadOnlyList<string> arguments, Tally run)
    {
        var report = Path.Combine(Results, project.Name + ".xml");
        File.Delete(report);
        string[] command = [SolutionBinaries.Dotnet, project.Program, "-noLogo", "-noColor", .. TestProject.Filters(arguments), "-xml", report];
        return new(project.Name, project.Load, command, status =>
        {
            if (!File.Exists(project.Program))
            {
                run.Fail($"{project.Program} is not built; is {project.Name} in Im.sln?");
                return "not built";
            }

            var written = File.Exists(report) ? File.ReadAllText(report) : null;
            var counts = TestCounts.FromRun(status, written);
            run.Add(counts, written is null ? [] : TestFailure.ReadAll(written));
            return $"{counts}{(counts == TestCounts.OneFailure && status != 1 ? $" (ended with status {status})" : "")}";
        });
    }
}
