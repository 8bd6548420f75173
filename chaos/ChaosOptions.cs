using System.CommandLine;
using System.Globalization;
using System.Numerics;
using Im.Chaos.Scenarios;
using Im.Local;

namespace Im.Chaos;

/// <summary>What one run is to do; the words of the command line are here alone.</summary>
public sealed record ChaosOptions
{
    /// <summary>Repeats the schedule, the crowd and the choices of a run; not the machine's timing.</summary>
    public required int Seed { get; init; }

    /// <summary>Time for the scenarios that are drawn. A run takes some three minutes more, to start, to warm up, to calm down and to judge.</summary>
    public required TimeSpan Time { get; init; }

    /// <summary>Played in this order; null: drawn from the seed.</summary>
    public IReadOnlyList<IScenario>? Scenarios { get; init; }

    /// <summary>They are all that can be played here.</summary>
    public bool IsEverything { get; init; }

    public required int Devices { get; init; }

    /// <summary>Messages a second while something is broken.</summary>
    public required double Pace { get; init; }

    /// <summary>
    /// Before the first scenario, the first half of it at full pace: at its end memory and threads are looked at for the first time. A process compiles what it runs
    /// often once more, and takes 20 MiB for it within its first minute.
    /// </summary>
    public TimeSpan WarmUp { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>After the last scenario: long enough that its limits have passed and time is left to be judged as calm.</summary>
    public TimeSpan Calm { get; init; } = TimeSpan.FromSeconds(65);

    /// <summary>Whether memory and threads are compared: only what ran for minutes has the size that it keeps.</summary>
    public bool ComparesVitals { get; init; } = true;

    /// <summary>The command that does the same again.</summary>
    public string Repeat { get; init; } = "";

    /// <summary>Where the run's logs and data are.</summary>
    public required string Directory { get; init; }

    /// <summary>Another copy of the solution: the services that are built there run in place of the product's own; null: none.</summary>
    public string? Programs { get; init; }

    /// <summary>Asked by the script before it builds the services: a mistyped word is told at once.</summary>
    private const string CheckOption = "--check";

    private const string Everything = "all";

    public static RootCommand Command(Func<ChaosOptions, CancellationToken, Task<int>> run)
    {
        var seed = Number("--seed", seed => seed > 0, "a whole number above 0", 0, "Repeats a run's schedule, crowd and choices; a random one, which is printed, where none is given.");
        var minutes = Number("--minutes", time => time is > 0 and <= 1440, "more than 0, up to 1,440", 5.0, "Time for the scenarios that are drawn, up to 1,440; at least four are. Of no effect with --scenario.");
        var scenario = new Option<string[]>("--scenario")
        {
            Description = "Play these, in this order, instead of what is drawn; 'all' is each of them that can be played here, once.",
            HelpName = "name",
            AllowMultipleArgumentsPerToken = true,
        };
        scenario.AcceptOnlyFromAmong([.. All.Select(one => one.Name), Everything]);
        var devices = Number("--devices", count => count is >= 20 and <= 3000, "20 to 3,000", 300, "Devices of the crowd, 20 to 3,000; half as many users.");
        var pace = Number("--pace", rate => rate is > 0 and <= 5000, "more than 0, up to 5,000 a second", 400.0, "Messages a second while something is broken, up to 5,000.");
        var directory = new Option<string>("--directory") { Description = "For logs, data and the verdict, each run in a folder named after its seed; they stay.", DefaultValueFactory = _ => Path.Combine(SolutionBinaries.Root, ".im", "chaos") };
        var programs = new Option<string?>("--programs") { Description = "Another copy of this repository: services that are built there run in place of those here." };
        var shortly = new Option<bool>("--short") { Description = "A minute and a half: one of every service and RabbitMQ killed, 60 devices, whatever else is given; calm, memory and threads are not judged." };
        var check = new Option<bool>(CheckOption) { Description = "Reads the other words, and does nothing.", Hidden = true };
        scenario.Validators.Add(given => { if (given.Tokens is { Count: > 1 } names && names.Any(name => name.Value == Everything)) given.AddError($"--scenario: '{Everything}' stands alone"); });
        programs.Validators.Add(given =>
        {
            if (given.GetValueOrDefault<string>() is { } path && (path.Length == 0 || Services.All.All(service => SolutionBinaries.FindService(Path.GetFullPath(path), service) is null)))
                given.AddError($"--programs {path}: no service is built there");
        });
        var command = new RootCommand(About()) { seed, minutes, scenario, devices, pace, shortly, directory, programs, check };
        command.SetAction((parsed, cancel) =>
        {
            if (parsed.GetValue(check)) return Task.FromResult(0);
            var drawn = parsed.GetValue(seed) is > 0 and var given ? given : NewSeed();
            var options = new ChaosOptions
            {
                Seed = drawn,
                Time = TimeSpan.FromMinutes(parsed.GetValue(minutes)),
                Scenarios = Named(parsed.GetValue(scenario)),
                IsEverything = parsed.GetValue(scenario)?.Contains(Everything) == true,
                Devices = parsed.GetValue(devices),
                Pace = parsed.GetValue(pace),
                Directory = Path.Combine(parsed.GetValue(directory)!, drawn.ToString(CultureInfo.InvariantCulture)),
                // As written it is from here; the services run in directories of their own.
                Programs = parsed.GetValue(programs) is { } path ? Path.GetFullPath(path) : null,
                Repeat = string.Join(' ', ["./im", "chaos", "--seed", drawn.ToString(CultureInfo.InvariantCulture), .. Others(parsed, seed, directory)]),
            };
            return run(parsed.GetValue(shortly) ? options.Shortened() : options, cancel);
        });
        return command;
    }

    /// <param name="rule">In words, for who gives what breaks it or is no number.</param>
    private static Option<T> Number<T>(string name, Func<T, bool> isGood, string rule, T otherwise, string description)
        where T : struct, INumber<T> => new(name)
        {
            Description = description,
            DefaultValueFactory = _ => otherwise,
            CustomParser = given =>
            {
                var word = given.Tokens[0].Value;
                if (!T.TryParse(word, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) || !isGood(number)) given.AddError($"{name} {word}: {rule}");
                return number;
            },
        };

    /// <summary>The words of the command line but for these options, which each run has its own of.</summary>
    private static IEnumerable<string> Others(ParseResult parsed, params IReadOnlyList<Option> without)
    {
        var skipped = without.SelectMany(IEnumerable<object?> (option) => parsed.GetResult(option) is { } given ? given.Tokens.Append(given.IdentifierToken) : []).ToHashSet(ReferenceEqualityComparer.Instance);
        return parsed.Tokens.Where(token => !skipped.Contains(token)).Select(token => token.Value);
    }

    public static int NewSeed() => Random.Shared.Next(1, 1_000_000);

    /// <summary>The same in a minute and a half, for a test run.</summary>
    public ChaosOptions Shortened() => this with
    {
        Scenarios = [.. All.Where(scenario => scenario.Name == EachKilled.ScenarioName)],
        Devices = 60,
        WarmUp = TimeSpan.FromSeconds(5),
        Calm = TimeSpan.FromSeconds(10),
        ComparesVitals = false,
    };

    private static IReadOnlyList<IScenario> All => ScenarioCatalogue.All;

    private static IReadOnlyList<IScenario>? Named(string[]? names) => names switch
    {
        null or [] => null,
        _ when names.Contains(Everything) => [.. All.Where(scenario => scenario.Lacks is null)],
        _ => [.. names.Select(name => All.First(scenario => scenario.Name == name))],
    };

    private static string About() =>
        "Breaks a full system of its own under load, heals it, and judges what every client said and saw: ends with status 1 if anything was lost, doubled, out of " +
        "order, shown to others, or later than promised.\n\nScenarios:\n" + string.Join('\n', All.Select(one => $"  {one.Name,-20} {one.About}"));
}
