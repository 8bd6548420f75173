using System.Globalization;
using Im.Bench.Subjects;

namespace Im.Bench.Scenarios;

/// <summary>How often and how long a scenario runs, and against what.</summary>
internal sealed record ScenarioOptions(Scenario Scenario)
{
    public static string Usage { get; } = $"""
        Im.Bench SCENARIO: starts systems of its own on free loopback ports, one after the other, loads each in the same way, and compares them.
        What came out is printed and written to bench/results/.

        {string.Join("\n\n", Scenario.All.Select(scenario => $"  {scenario.Name,-8} {scenario.About}\n           systems: {string.Join(", ", scenario.Subjects.Select(subject => subject.Name))}"))}

          --rounds 5       times that everything is run; the table has the medians
          --seconds 10     measured time of each run
          --warmup 5       seconds before it, sent and checked, but not in the figures
          --only NAMES     of the scenario's systems, with commas
          --setups TEXT    only those whose name has this in it
          --results PATH   where to write, instead of bench/results
          --directory PATH where the systems keep their data, instead of .im/bench

        Ends with 1 when a message was lost, doubled, out of order or never answered, or a connection broke; with 2 when it could not run.
        """;

    public int Rounds { get; init; } = 5;

    public double Seconds { get; init; } = 10;

    public double Warmup { get; init; } = 5;

    public IReadOnlyList<Subject> Subjects { get; init; } = Scenario.Subjects;

    public IReadOnlyList<Setup> Setups { get; init; } = Scenario.Setups;

    public string? Results { get; init; }

    public string? Directory { get; init; }

    /// <exception cref="FormatException">A scenario, an option or a value that is not known.</exception>
    public static ScenarioOptions Parse(IReadOnlyList<string> arguments)
    {
        var scenario = Scenario.All.FirstOrDefault(one => one.Name == arguments[0])
            ?? throw new FormatException($"{arguments[0]}: no scenario; there is {string.Join(", ", Scenario.All.Select(one => one.Name))}");
        var options = new ScenarioOptions(scenario);
        for (var i = 1; i < arguments.Count; i += 2)
        {
            if (i + 1 == arguments.Count) throw new FormatException($"{arguments[i]}: unknown, or a value is missing");
            options = options.With(arguments[i], arguments[i + 1]);
        }

        return options.Subjects.Any(subject => options.SetupsOf(subject).Any()) ? options
            : throw new FormatException($"--setups: nothing for {string.Join(", ", options.Subjects.Select(subject => subject.Name))}");
    }

    /// <summary>In the order in which they run.</summary>
    public IEnumerable<Setup> SetupsOf(Subject subject) => Setups.Where(setup => setup.Wire == subject.Wire);

    private ScenarioOptions With(string name, string value) => name switch
    {
        "--rounds" => this with { Rounds = (int)Positive(name, value) },
        "--seconds" => this with { Seconds = Positive(name, value) },
        "--warmup" => this with { Warmup = Positive(name, value) },
        "--only" => this with { Subjects = [.. value.Split(',', StringSplitOptions.TrimEntries).Select(Find)] },
        "--setups" => this with { Setups = Scenario.Setups.Where(setup => setup.Name.Contains(value, StringComparison.OrdinalIgnoreCase)).ToList() is { Count: > 0 } some ? some : throw new FormatException($"--setups {value}: none of {string.Join("; ", Scenario.Setups.Select(setup => setup.Name))}") },
        "--results" => this with { Results = value },
        "--directory" => this with { Directory = value },
        _ => throw new FormatException($"{name}: unknown option"),
    };

    private Subject Find(string name) => Scenario.Subjects.FirstOrDefault(subject => subject.Name == name)
        ?? throw new FormatException($"--only {name}: there is {string.Join(", ", Scenario.Subjects.Select(subject => subject.Name))}");

    private static double Positive(string name, string value) =>
        double.TryParse(value, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && number >= 1 && number <= 3600
            ? number : throw new FormatException($"{name} {value}: a number from 1 to 3600");
}
