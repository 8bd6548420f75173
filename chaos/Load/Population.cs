using Im.Chaos.Journals;

namespace Im.Chaos.Load;

/// <summary>Who there is and who talks to whom: drawn from the seed alone, so that a seed repeats it.</summary>
/// <param name="People">Number of users who talk; plans name them by their index.</param>
/// <param name="Pairs">Two different people each, the smaller index first.</param>
/// <param name="Reunions">Of further people: two more users and devices each, numbered behind the others.</param>
public sealed record Population(
    int Seed,
    int People,
    IReadOnlyList<DevicePlan> Devices,
    IReadOnlyList<(int One, int Other)> Pairs,
    IReadOnlyList<GroupPlan> Groups,
    IReadOnlyList<ReunionPlan> Reunions)
{
    public const int SmallGroup = 10, BigGroup = 50;

    private const double AwayShare = 0.12, FlittingShare = 0.04, TwinShare = 0.10, PermanentShare = 0.7;

    /// <summary>What the figures for pairs and groups are for.</summary>
    private const double FullDevices = 300;

    /// <param name="devices">At least 20; half as many users. Pairs and groups become fewer with it, big groups smaller too where there are not people enough.</param>
    public static Population Of(int seed, int devices = 300)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(devices, 20);
        var random = new Random(seed);
        var people = devices / 2;
        int Scaled(int full, int least) => Math.Max(least, (int)Math.Round(full * devices / FullDevices));
        var big = Math.Min(BigGroup, people * 2 / 3);
        return new Population(
            seed,
            people,
            DrawDevices(random, people, devices),
            DrawPairs(random, people, Scaled(40, 8)),
            [
                .. Enumerable.Range(0, Scaled(15, 2)).Select(_ => DrawGroup(random, people, Math.Min(SmallGroup, people))),
                .. Enumerable.Range(0, Scaled(5, 1)).Select(_ => DrawGroup(random, people, big)),
            ],
            [.. Enumerable.Range(0, Scaled(20, 2)).Select(nth => DrawReunion(random, people + (2 * nth), devices + (2 * nth)))]);
    }

    /// <summary>One, two, three, two, one … for each person in turn: two on average. Whoever has several has both kinds.</summary>
    private static List<DevicePlan> DrawDevices(Random random, int people, int devices)
    {
        var owned = new int[people];
        for (var person = 0; person < people; person++) owned[person] = 1 + (person % 3);
        for (var more = devices - owned.Sum(); more != 0; more -= Math.Sign(more))
        {
            var candidates = Enumerable.Range(0, people).Where(person => more > 0 ? owned[person] < 3 : owned[person] > 1).ToArray();
            owned[candidates[random.Next(candidates.Length)]] += Math.Sign(more);
        }

        var plans = new List<DevicePlan>(devices);
        for (var person = 0; person < people; person++)
        {
            var first = random.Next(2);
            for (var nth = 0; nth < owned[person]; nth++)
            {
                var kind = (first + nth) % 2 == 0 ? DeviceKind.Sdk : DeviceKind.Bare;
                plans.Add(DrawDevice(random, person, plans.Count, kind));
            }
        }

        return plans;
    }

    private static DevicePlan DrawDevice(Random random, int person, int number, DeviceKind kind)
    {
        var habit = random.NextDouble() switch
        {
            < AwayShare => Habit.MostlyAway,
            < AwayShare + FlittingShare => Habit.Flitting,
            _ => Habit.Steady,
        };
        var isTwin = kind == DeviceKind.Bare && habit == Habit.Steady && random.NextDouble() < TwinShare;
        return new DevicePlan(person, number, kind, habit, kind == DeviceKind.Sdk && random.Next(2) == 0, random.Next(2) == 0, isTwin);
    }

    private static ReunionPlan DrawReunion(Random random, int person, int number)
    {
        DevicePlan Plan(int nth, Habit habit) => new(person + nth, number + nth, DeviceKind.Bare, habit, IsProtobuf: false, NamesCursors: random.Next(2) == 0, IsTwin: false);
        return new ReunionPlan(Plan(0, Habit.Returning), Plan(1, Habit.Steady));
    }

    private static List<(int, int)> DrawPairs(Random random, int people, int count)
    {
        var drawn = new HashSet<(int, int)>();
        while (drawn.Count < count)
        {
            var (one, other) = (random.Next(people), random.Next(people));
            if (one != other) drawn.Add((Math.Min(one, other), Math.Max(one, other)));
        }

        return [.. drawn.Order()];
    }

    private static GroupPlan DrawGroup(Random random, int people, int size)
    {
        var drawn = Enumerable.Range(0, people).ToArray();
        random.Shuffle(drawn);
        var permanent = (int)Math.Ceiling(size * PermanentShare);
        return new GroupPlan(drawn[..permanent], drawn[permanent..size]);
    }
}
