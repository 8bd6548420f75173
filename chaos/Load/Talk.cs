namespace Im.Chaos.Load;

/// <summary>Who says what when: new messages at the crowd's pace, spread over pairs and groups.</summary>
internal sealed class Talk(Crowd crowd, IReadOnlyList<Room> rooms, Scene scene)
{
    private const double PairShare = 0.6, BigGroupShare = 0.1, BurstShare = 0.03;

    /// <summary>What lies behind for longer is not caught up: a pause of this process is no load.</summary>
    private const double CatchUpSeconds = 0.1;

    private static readonly TimeSpan Every = TimeSpan.FromMilliseconds(20);

    private readonly Room[] _pairs = [.. rooms.Where(room => room.IsPair)];
    private readonly Room[] _smallGroups = [.. rooms.Where(room => !room.IsPair && room.Size <= Population.SmallGroup)];
    private readonly Room[] _bigGroups = [.. rooms.Where(room => room.Size > Population.SmallGroup)];
    private readonly Random _random = scene.NewRandom(-1);

    public async Task RunAsync(CancellationToken cancel)
    {
        using var timer = new PeriodicTimer(Every);
        var (owed, before) = (0.0, scene.Journal.Now);
        try
        {
            while (await timer.WaitForNextTickAsync(cancel))
            {
                var now = scene.Journal.Now;
                owed = Math.Min(1 + (crowd.Pace * CatchUpSeconds), owed + (crowd.Pace * (now - before).TotalSeconds));
                before = now;
                if (scene.IsCalm) continue;
                for (; owed >= 1; owed--) owed -= SayOne() - 1;
            }
        }
        catch (OperationCanceledException)
        {
            // The run is over.
        }
    }

    /// <summary>Somebody says something somewhere. Where the drawn ones are away or wait for answers, others are drawn; if all are, it is not said.</summary>
    /// <returns>Messages said; 1 also where nobody could.</returns>
    private int SayOne()
    {
        var room = Draw(_random.NextDouble() switch
        {
            < PairShare => _pairs,
            // A crowd of few people has none.
            < PairShare + BigGroupShare when _bigGroups.Length > 0 => _bigGroups,
            _ => _smallGroups,
        });
        var count = _random.NextDouble() < BurstShare ? _random.Next(5, Device.MaxWaiting + 1) : 1;
        for (var attempt = 0; attempt < 8; attempt++)
        {
            var person = DrawSpeaker(room);
            if (person.Devices[_random.Next(person.Devices.Count)].TrySay(room, count)) return count;
        }

        return 1;
    }

    /// <summary>Any member; one that was removed now and then, for he has to be refused.</summary>
    private Person DrawSpeaker(Room room)
    {
        var place = _random.Next(room.Size);
        if (place < room.Permanent.Count) return room.Permanent[place];
        var floating = room.Floating[place - room.Permanent.Count];
        return room.IsIn(floating) || _random.Next(10) == 0 ? floating : room.Permanent[_random.Next(room.Permanent.Count)];
    }

    private Room Draw(Room[] among) => among[_random.Next(among.Length)];
}
