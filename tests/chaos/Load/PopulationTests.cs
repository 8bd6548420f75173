using Im.Chaos.Journals;
using Im.Chaos.Load;

namespace Im.Chaos.Tests.Load;

public sealed class PopulationTests
{
    public static TheoryData<int, int> Grid { get; } = new(from seed in new[] { 1, 2, 77, 999_999 } from devices in new[] { 20, 60, 300, 1000 } select (seed, devices));

    [Theory, MemberData(nameof(Grid))]
    public void It_has_as_many_devices_as_asked_and_half_as_many_people_with_one_to_three_each(int seed, int devices)
    {
        var population = Population.Of(seed, devices);

        Assert.Equal(devices, population.Devices.Count);
        Assert.Equal(devices / 2, population.People);
        var owned = population.Devices.GroupBy(device => device.Person).ToArray();
        Assert.Equal(population.People, owned.Length);
        Assert.All(owned, person => Assert.InRange(person.Count(), 1, 3));
        Assert.Equal(Enumerable.Range(0, devices), population.Devices.Select(device => device.Number));
    }

    [Theory, MemberData(nameof(Grid))]
    public void Whoever_has_several_devices_has_both_kinds(int seed, int devices)
    {
        var several = Population.Of(seed, devices).Devices.GroupBy(device => device.Person).Where(person => person.Count() > 1);

        Assert.All(several, person => Assert.Equal(2, person.Select(device => device.Kind).Distinct().Count()));
    }

    [Theory, MemberData(nameof(Grid))]
    public void Groups_have_members_for_good_and_at_most_three_in_ten_that_float(int seed, int devices)
    {
        var population = Population.Of(seed, devices);

        Assert.All(population.Groups, group =>
        {
            int[] all = [.. group.Permanent, .. group.Floating];
            Assert.Equal(all.Length, all.Distinct().Count());
            Assert.All(all, person => Assert.InRange(person, 0, population.People - 1));
            Assert.InRange(group.Permanent.Count, all.Length * 0.7, all.Length - 1);
            Assert.Contains(group.Owner, group.Permanent);
            Assert.Superset(group.Permanent.ToHashSet(), group.FirstMembers.ToHashSet());
        });
    }

    [Theory, MemberData(nameof(Grid))]
    public void Pairs_are_of_two_different_people_and_there_once(int seed, int devices)
    {
        var pairs = Population.Of(seed, devices).Pairs;

        Assert.All(pairs, pair => Assert.True(pair.One < pair.Other));
        Assert.Equal(pairs.Count, pairs.Distinct().Count());
    }

    [Theory, MemberData(nameof(Grid))]
    public void Those_of_a_reunion_have_one_device_each_and_are_in_no_other_conversation(int seed, int devices)
    {
        var population = Population.Of(seed, devices);

        var plans = population.Reunions.SelectMany(IEnumerable<DevicePlan> (reunion) => [reunion.Comes, reunion.Stays]).ToArray();
        Assert.NotEmpty(plans);
        Assert.Equal(Enumerable.Range(population.People, plans.Length), plans.Select(plan => plan.Person));
        Assert.Equal(Enumerable.Range(devices, plans.Length), plans.Select(plan => plan.Number));
        Assert.All(population.Reunions, reunion => Assert.Equal((Habit.Returning, Habit.Steady), (reunion.Comes.Habit, reunion.Stays.Habit)));
    }

    [Fact]
    public void The_full_one_is_what_the_figures_are_for()
    {
        var population = Population.Of(5);

        Assert.Equal(40, population.Pairs.Count);
        Assert.Equal(15, population.Groups.Count(group => group.Size == 10));
        Assert.Equal(5, population.Groups.Count(group => group.Size == 50));
        Assert.Equal(20, population.Reunions.Count);
        Assert.InRange(population.Devices.Count(device => device.Kind == DeviceKind.Bare), 120, 180);
        Assert.InRange(population.Devices.Count(device => device.Habit == Habit.MostlyAway), 15, 60);
        Assert.InRange(population.Devices.Count(device => device.Habit == Habit.Flitting), 3, 30);
        Assert.Contains(population.Devices, device => device.IsTwin);
        Assert.Contains(population.Devices, device => device is { Kind: DeviceKind.Bare, NamesCursors: true });
        Assert.Contains(population.Devices, device => device is { Kind: DeviceKind.Bare, NamesCursors: false });
        Assert.Contains(population.Devices, device => device is { Kind: DeviceKind.Sdk, IsProtobuf: true });
        Assert.Contains(population.Devices, device => device is { Kind: DeviceKind.Sdk, IsProtobuf: false });
    }

    [Fact]
    public void A_seed_repeats_it_and_another_seed_does_not()
    {
        var (first, again, other) = (Population.Of(42), Population.Of(42), Population.Of(43));

        Assert.Equal(first.Devices, again.Devices);
        Assert.Equal(first.Pairs, again.Pairs);
        Assert.Equal(first.Reunions, again.Reunions);
        Assert.Equal(first.Groups.SelectMany(group => group.Permanent), again.Groups.SelectMany(group => group.Permanent));
        Assert.NotEqual(first.Pairs, other.Pairs);
    }
}
