namespace Im.Chaos.Load;

/// <summary>
/// Sessions end at random: one by its own device, or all of a user by the admin. The devices stay on their old connections for a while, to see what still comes,
/// and then log in again.
/// </summary>
internal sealed class SessionChurn(IReadOnlyList<Person> people, Scene scene)
{
    /// <summary>Between two calls in all, where there are so many people; the fewer there are, the longer, so that most of them are there.</summary>
    private static readonly TimeSpan Every = TimeSpan.FromSeconds(3);

    private const double FullPeople = 150;

    /// <summary>More than the ten seconds for which a gateway that is cut off may still serve an ended session.</summary>
    private static readonly TimeSpan Listen = TimeSpan.FromSeconds(15);

    private static readonly TimeSpan Again = TimeSpan.FromSeconds(1);

    private readonly Random _random = scene.NewRandom(-3);
    private int _busy;

    public async Task RunAsync(CancellationToken cancel)
    {
        using var timer = new PeriodicTimer(Every * Math.Max(1, FullPeople / people.Count));
        try
        {
            while (await timer.WaitForNextTickAsync(cancel))
            {
                var person = people[_random.Next(people.Count)];
                if (scene.IsCalm || person.Devices.Exists(device => device.IsLoggedOut)) continue;
                var isAll = _random.Next(3) == 0;
                Interlocked.Increment(ref _busy);
                _ = EndAsync(person, isAll ? person.Devices : [person.Devices[_random.Next(person.Devices.Count)]], isAll, cancel);
            }
        }
        catch (OperationCanceledException)
        {
            // The run is over.
        }
    }

    /// <summary>Returns when everybody is logged in.</summary>
    public async Task SettleAsync(CancellationToken cancel)
    {
        while (Volatile.Read(ref _busy) > 0 || people.Any(person => person.Devices.Exists(device => device.IsLoggedOut))) await Task.Delay(100, cancel);
    }

    private async Task EndAsync(Person person, List<Device> devices, bool isAll, CancellationToken cancel)
    {
        try
        {
            await person.Sessions.WaitAsync(cancel);
            try
            {
                foreach (var device in devices) device.EndsSession();
                if (isAll) await scene.Admin.EndSessionsAsync(person.User, () => person.Devices.ForEach(device => device.Doubt()), cancel);
                else await EndOwnAsync(devices[0], cancel);
                foreach (var device in devices) device.SessionEnded();
            }
            finally
            {
                person.Sessions.Release();
            }

            await Task.WhenAny(Task.Delay(Listen, cancel), scene.Calmed);
            await Task.WhenAll(devices.Select(device => device.ReopenAsync(cancel)));
        }
        catch (OperationCanceledException) when (cancel.IsCancellationRequested)
        {
            // The run is over.
        }
        catch (Exception e)
        {
            scene.Found($"the end of a session of {person.User}: {e}");
        }
        finally
        {
            Interlocked.Decrement(ref _busy);
        }
    }

    /// <summary>Until it is answered "done", or "there is no such session" where an earlier call did it unanswered.</summary>
    private async Task EndOwnAsync(Device device, CancellationToken cancel)
    {
        while (await scene.Door.CallAsync(HttpMethod.Delete, "v1/sessions/current", device.Session, null, cancel) is not ({ IsDone: true } or { Status: 401 or 404 }))
            await Task.Delay(Again, cancel);
    }
}
