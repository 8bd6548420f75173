using Im.Chaos.Journals;
using Im.Chaos.Systems;

namespace Im.Chaos.Load;

/// <summary>What the crowd has done so far, for the line of progress.</summary>
public readonly record struct CrowdCounts(long Sent, long Accepted, long Received, int Connected, int Waiting);

/// <summary>The people of a run: all devices, what they say to whom, who comes and goes. Everything they do and see is in the journal.</summary>
public sealed partial class Crowd : IAsyncDisposable
{
    /// <summary>Acknowledgements, repeats and pings are late by this at most.</summary>
    private static readonly TimeSpan TickEvery = TimeSpan.FromMilliseconds(100);

    private readonly Scene _scene;
    private readonly IReadOnlyList<Device> _devices;
    private readonly IReadOnlyList<Room> _rooms;
    private readonly Talk _talk;
    private readonly MemberChurn _memberChurn;
    private readonly SessionChurn _sessionChurn;
    private readonly Reunions _reunions;
    private readonly CancellationTokenSource _over = new();
    private double _pace;
    private Task _ticking = Task.CompletedTask, _working = Task.CompletedTask;

    private Crowd(Scene scene, IReadOnlyList<Person> people, IReadOnlyList<Room> rooms, IReadOnlyList<Reunion> reunions)
    {
        _scene = scene;
        _rooms = [.. rooms, .. reunions.Select(reunion => reunion.Room)];
        _devices = [.. people.SelectMany(person => person.Devices)];
        _talk = new Talk(this, rooms, scene);
        _memberChurn = new MemberChurn(rooms, scene);
        // Who is to be there at a certain moment is left in peace.
        _sessionChurn = new SessionChurn([.. people.Except(reunions.SelectMany(reunion => reunion.Room.Permanent))], scene);
        _reunions = new Reunions(reunions, scene);
    }

    /// <summary>A device cuts its connection and is gone; who is not has a defect, and must not keep the system from being stopped.</summary>
    private static readonly TimeSpan EndLimit = TimeSpan.FromSeconds(20);

    /// <summary>New messages a second, all devices together; may be changed at any time. What waits for its answer is repeated at any pace.</summary>
    public double Pace
    {
        get => Volatile.Read(ref _pace);
        set => Volatile.Write(ref _pace, value);
    }

    public CrowdCounts Counts => new(
        _scene.Sent, _scene.Accepted, _scene.Received, _devices.Count(device => device.IsConnected), _devices.Sum(device => device.Waiting));

    /// <summary>Users, sessions, conversations; every device that is not away is connected and synced when this returns. Nobody talks yet: the pace is 0.</summary>
    public static async Task<Crowd> GatherAsync(ChaosSystem system, Population population, Journal journal, CancellationToken cancel)
    {
        var admin = new AdminDoor(AdminsOf(system), system.Cluster.AdminKey);
        var scene = new Scene(system.Gateways, admin, new GatewayDoor(system.Gateways), population.Seed, journal);
        var gathering = new Gathering(population, scene);
        var people = await gathering.PeopleAsync(cancel);
        var crowd = new Crowd(scene, people, await gathering.RoomsAsync(people, cancel), gathering.Reunions(people));
        foreach (var device in crowd._devices) device.Start();
        crowd._ticking = crowd.GuardAsync(crowd.TickAsync);
        while (crowd._devices.Any(device => device.Plan.Habit == Habit.Steady && device.SyncedAt is null)) await Task.Delay(TickEvery, cancel);
        crowd._working = crowd.WorkAsync();
        return crowd;
    }

    /// <summary>Every device cuts its connection, and nobody says anything any more; the calls of the crowd still work.</summary>
    /// <returns>Who has not ended, for each has a defect of the harness.</returns>
    public async Task<IReadOnlyList<string>> EndAsync()
    {
        await _over.CancelAsync();
        var ends = _devices.Select(device => (Name: device.Journal.ToString(), Ended: device.EndAsync())).Append((Name: "the talk", Ended: _working)).Append((Name: "the timer", Ended: _ticking)).ToArray();
        await Task.WhenAll(ends.Select(one => one.Ended)).WaitAsync(EndLimit).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        return [.. ends.Where(one => !one.Ended.IsCompleted).Select(one => one.Name)];
    }

    public async ValueTask DisposeAsync()
    {
        var left = await EndAsync();
        // Who has not ended would keep this from ending.
        foreach (var device in _devices.Where(device => !left.Contains(device.Journal.ToString()))) await device.DisposeAsync();
        _scene.Admin.Dispose();
        _scene.Door.Dispose();
        _over.Dispose();
    }

    internal static IReadOnlyList<Uri> AdminsOf(ChaosSystem system) =>
        [.. system.Services.Where(process => process.Service == "admin").Select(process => new Uri($"http://127.0.0.1:{process.Port}"))];

    internal IReadOnlyList<Room> Rooms => _rooms;

    private Task WorkAsync() => Task.WhenAll(
        GuardAsync(() => _talk.RunAsync(_over.Token)),
        GuardAsync(() => _reunions.RunAsync(_over.Token)),
        GuardAsync(() => _memberChurn.RunAsync(_over.Token)),
        GuardAsync(() => _sessionChurn.RunAsync(_over.Token)));

    /// <summary>A defect of the harness: without talk or changes a run would pass for the wrong reason.</summary>
    private Task GuardAsync(Func<Task> work) => Task.Run(async () =>
    {
        try
        {
            await work();
        }
        catch (Exception e)
        {
            _scene.Found($"the crowd stopped doing something: {e}");
        }
    });

    /// <summary>One timer for all devices.</summary>
    private async Task TickAsync()
    {
        using var timer = new PeriodicTimer(TickEvery);
        var bare = _devices.OfType<BareDevice>().ToArray();
        try
        {
            for (var nth = 0; await timer.WaitForNextTickAsync(_over.Token); nth++)
            {
                foreach (var device in bare) device.Tick();
                if (nth % 5 == 0) MarkHeads();
            }
        }
        catch (OperationCanceledException)
        {
            // The run is over.
        }
    }
}
