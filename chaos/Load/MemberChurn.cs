using Im.Chaos.Journals;

namespace Im.Chaos.Load;

/// <summary>
/// The owners of groups add and remove floating members all the time. A call that is not answered may have been done or not: it is made again until one is, and
/// only then is that member moved on.
/// </summary>
internal sealed class MemberChurn(IReadOnlyList<Room> rooms, Scene scene)
{
    /// <summary>About one change a second in all.</summary>
    private static readonly TimeSpan Every = TimeSpan.FromSeconds(1);

    private static readonly TimeSpan Again = TimeSpan.FromSeconds(1);

    /// <summary>Changes under way at once; while they all wait, no other one is begun.</summary>
    private const int MaxAtOnce = 16;

    private readonly (Room Room, Person Person)[] _places = [.. rooms.SelectMany(room => room.Floating.Select(person => (room, person)))];
    private readonly HashSet<(Room, Person)> _busy = [];
    private readonly Random _random = scene.NewRandom(-2);

    public async Task RunAsync(CancellationToken cancel)
    {
        using var timer = new PeriodicTimer(Every);
        try
        {
            while (_places.Length > 0 && await timer.WaitForNextTickAsync(cancel))
            {
                if (scene.IsCalm) continue;
                var place = _places[_random.Next(_places.Length)];
                lock (_busy)
                    if (_busy.Count >= MaxAtOnce || !_busy.Add(place)) continue;
                _ = MoveAsync(place.Room, place.Person, cancel);
            }
        }
        catch (OperationCanceledException)
        {
            // The run is over.
        }
    }

    /// <summary>Returns when no change is under way; nobody begins another one while the crowd is calm.</summary>
    public async Task SettleAsync(CancellationToken cancel)
    {
        while (true)
        {
            lock (_busy)
                if (_busy.Count == 0) return;
            await Task.Delay(100, cancel);
        }
    }

    private async Task MoveAsync(Room room, Person person, CancellationToken cancel)
    {
        try
        {
            var joins = !room.IsIn(person);
            room.SetIn(person, joins);
            while (!await TryAsync(room, person, joins, cancel)) await Task.Delay(Again, cancel);
        }
        catch (OperationCanceledException) when (cancel.IsCancellationRequested)
        {
            // The run is over.
        }
        catch (Exception e)
        {
            scene.Found($"a change of members of {room.Id}: {e}");
        }
        finally
        {
            lock (_busy) _busy.Remove((room, person));
        }
    }

    private async Task<bool> TryAsync(Room room, Person person, bool joins, CancellationToken cancel)
    {
        var asked = scene.Journal.Now;
        var path = $"v1/conversations/{room.Id}/members/{person.User}";
        GatewayAnswer? answer = null;
        try
        {
            answer = await scene.Door.CallAsync(joins ? HttpMethod.Put : HttpMethod.Delete, path, SessionOf(room.Owner), null, cancel);
        }
        finally
        {
            // A removal that finds nobody there was done by an earlier call of the same.
            var isDone = answer is { IsDone: true } || (!joins && answer is { Status: 404 });
            scene.Journal.Add(new MemberCall(room.Id!, person.User, joins, asked, isDone ? scene.Journal.Now : null));
        }

        if (answer is { Status: 400 or 403 or 404 } && (joins || answer.Status != 404)) scene.Found($"{path} was answered {answer.Status}: {answer.Body}");
        return answer is { IsDone: true } or { Status: 400 or 403 or 404 };
    }

    /// <summary>Of any of his devices that has one now.</summary>
    public static string SessionOf(Person person) => (person.Devices.Find(device => !device.IsLoggedOut) ?? person.Devices[0]).Session;
}
