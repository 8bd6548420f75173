namespace Im.Tool.Testing;

/// <summary>A part of the run that may go on beside another one.</summary>
/// <param name="Name">As it is told to the user; also names the file with its output.</param>
/// <param name="Load">What may run beside it.</param>
/// <param name="Command">The program and its arguments.</param>
/// <param name="Judge">Takes the exit status and says in a few words what came of it.</param>
internal sealed record TestJob(string Name, TestLoad Load, IReadOnlyList<string> Command, Func<int, string> Judge)
{
    /// <summary>Two, as the run is meant for two cores: with more of them, systems would start so slowly that time-outs begin to speak.</summary>
    private const int AtOnce = 2;

    /// <summary>Which of those that wait begins now beside those that run: the first that goes with all of them; null if none does.</summary>
    public static TestJob? Next(IEnumerable<TestJob> waiting, IReadOnlyList<TestJob> running) =>
        running.Count < AtOnce ? waiting.FirstOrDefault(one => running.All(other => GoTogether(one.Load, other.Load))) : null;

    private static bool GoTogether(TestLoad one, TestLoad other) =>
        one == TestLoad.Light || other == TestLoad.Light || (one == other && one == TestLoad.Heavy);
}
