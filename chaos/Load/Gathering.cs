using Im.Chaos.Journals;

namespace Im.Chaos.Load;

/// <summary>Makes the users, sessions and groups of a population.</summary>
internal sealed class Gathering(Population population, Scene scene)
{
    private static readonly TimeSpan Again = TimeSpan.FromMilliseconds(500);

    /// <summary>Of nobody who exists: an earlier run with this seed may have left its data, where its messages have the same ids.</summary>
    public static IReadOnlyList<string> NewNames(string start, int count)
    {
        var run = Guid.NewGuid().ToString("N")[..10];
        return [.. Enumerable.Range(0, count).Select(nr => $"{start}-{run}-{nr}")];
    }

    /// <summary>Everybody with his devices, each of them with a session.</summary>
    public async Task<IReadOnlyList<Person>> PeopleAsync(CancellationToken cancel)
    {
        var users = await scene.Admin.EnsureUsersAsync(NewNames("chaos", population.People + (2 * population.Reunions.Count)), cancel);
        Person[] people = [.. users.Select((user, index) => new Person(index, scene.Journal.Shared(user)))];
        foreach (var plan in population.Devices.Concat(population.Reunions.SelectMany(IEnumerable<DevicePlan> (reunion) => [reunion.Comes, reunion.Stays])))
        {
            var person = people[plan.Person];
            person.Devices.Add(plan.Kind == DeviceKind.Sdk ? new SdkDevice(plan, person, scene) : new BareDevice(plan, person, scene));
        }

        var parallel = new ParallelOptions { MaxDegreeOfParallelism = 8, CancellationToken = cancel };
        await Parallel.ForEachAsync(people.SelectMany(person => person.Devices), parallel, async (device, token) => await device.ReopenAsync(token));
        return people;
    }

    /// <summary>Pairs begin with their first message; groups are there when this returns.</summary>
    public async Task<IReadOnlyList<Room>> RoomsAsync(IReadOnlyList<Person> people, CancellationToken cancel)
    {
        Person[] At(IEnumerable<int> indexes) => [.. indexes.Select(index => people[index])];
        var rooms = new List<Room>();
        foreach (var (one, other) in population.Pairs) rooms.Add(new Room(isPair: true, At([one, other]), []));
        foreach (var plan in population.Groups)
        {
            var room = new Room(isPair: false, At(plan.Permanent), At(plan.Floating));
            rooms.Add(room);
            var first = At(plan.FirstMembers);
            foreach (var person in room.Floating) room.SetIn(person, first.Contains(person));
            scene.Learn(room, await CreateGroupAsync(room.Owner, first, cancel));
        }

        foreach (var room in rooms)
            foreach (var person in room.Permanent.Concat(room.Floating)) person.Rooms.Add(room);
        return rooms;
    }

    public IReadOnlyList<Reunion> Reunions(IReadOnlyList<Person> people) =>
    [
        .. population.Reunions.Select(plan =>
        {
            var (comes, stays) = (people[plan.Comes.Person], people[plan.Stays.Person]);
            var room = new Room(isPair: true, [comes, stays], []);
            comes.Rooms.Add(room);
            stays.Rooms.Add(room);
            return new Reunion((BareDevice)comes.Devices[0], stays.Devices[0], room);
        }),
    ];

    private async Task<string> CreateGroupAsync(Person owner, IEnumerable<Person> members, CancellationToken cancel)
    {
        var body = new { kind = "group", title = "chaos", members = members.Select(person => person.User) };
        while (true)
        {
            var answer = await scene.Door.CallAsync(HttpMethod.Post, "v1/conversations", owner.Devices[0].Session, body, cancel);
            if (answer is { IsDone: true }) return scene.Journal.Shared(answer.Body.GetProperty("conversationId").GetString()!);
            await Task.Delay(Again, cancel);
        }
    }
}
