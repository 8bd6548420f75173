namespace Im.Chaos.Load;

/// <param name="Slow">Devices that stopped reading.</param>
/// <param name="Closed">Those of them whose connection the server ended for it.</param>
/// <param name="Complete">Those that were back in the end and held everything that had been said until then.</param>
public readonly record struct SlowReading(int Slow, int Closed, int Complete);

/// <summary>
/// Bare devices of one group stop reading their sockets for a while, in which others say what weighs: the server gives them up, with 4408 where that still gets through.
/// Then they read again, find that out, come back, and must hold everything. What the others get meanwhile is in the journal, as everything else.
/// </summary>
public sealed class SlowReaders(Crowd crowd, Random random)
{
    /// <summary>The longest body, nearly: sockets and what lies between them hold some megabytes.</summary>
    private const int FatBytes = 16_000;

    private static readonly TimeSpan FatEvery = TimeSpan.FromMilliseconds(20), LookEvery = TimeSpan.FromMilliseconds(200);

    /// <param name="devices">At most; a group of ten has seven for good, with some ten bare devices.</param>
    /// <param name="slowFor">For this long they do not read: until the buffers are full (20 s on two busy cores) and the server's ten seconds have passed.</param>
    /// <param name="backWithin">Time to be complete from then on.</param>
    public async Task<SlowReading> RunAsync(int devices, TimeSpan slowFor, TimeSpan backWithin, CancellationToken cancel)
    {
        var room = Draw();
        var slow = Candidates(room).Take(devices).ToArray();
        var reading = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var lines = slow.Select(device => device.HoldReading(reading.Task)).OfType<BareLine>().ToArray();
        try
        {
            await SpeakAsync(room, slow, slowFor, cancel);
        }
        finally
        {
            reading.TrySetResult();
        }

        var complete = await WhenCompleteAsync(room, slow, backWithin, cancel);
        return new SlowReading(lines.Length, lines.Count(line => line.Ended.IsCompleted), complete);
    }

    /// <summary>Of the small groups, which weigh least for everybody else, the one with the most bare devices of members for good.</summary>
    private Room Draw()
    {
        var groups = crowd.Rooms.Where(room => !room.IsPair && room.Size <= Population.SmallGroup).ToArray();
        random.Shuffle(groups);
        return groups.MaxBy(room => Candidates(room).Count())!;
    }

    private static IEnumerable<BareDevice> Candidates(Room room) =>
        room.Permanent.SelectMany(person => person.Devices).OfType<BareDevice>().Where(device => device.Plan.Habit == Habit.Steady && !device.Plan.IsTwin);

    private static async Task SpeakAsync(Room room, BareDevice[] slow, TimeSpan limit, CancellationToken cancel)
    {
        var speakers = room.Permanent.SelectMany(person => person.Devices).Except(slow).ToArray();
        var began = TimeProvider.System.GetTimestamp();
        using var timer = new PeriodicTimer(FatEvery);
        for (var nth = 0; TimeProvider.System.GetElapsedTime(began) < limit; nth++)
        {
            speakers[nth % speakers.Length].TrySay(room, 1, FatBytes);
            await timer.WaitForNextTickAsync(cancel);
        }
    }

    private static async Task<int> WhenCompleteAsync(Room room, BareDevice[] slow, TimeSpan limit, CancellationToken cancel)
    {
        var head = room.Head;
        var began = TimeProvider.System.GetTimestamp();
        while (true)
        {
            var complete = slow.Count(device => device.IsConnected && device.HeldOf(room.Id!) >= head);
            if (complete == slow.Length || TimeProvider.System.GetElapsedTime(began) > limit) return complete;
            await Task.Delay(LookEvery, cancel);
        }
    }
}
