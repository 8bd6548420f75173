using System.Text.Json;

namespace Im.Chaos.Load;

public sealed partial class Crowd
{
    private static readonly TimeSpan LookEvery = TimeSpan.FromMilliseconds(200);

    /// <summary>
    /// Conversations of connected devices that are behind the highest seq that anybody saw up to half a second before this call, members for good only. Less is the
    /// normal way of a message. A device that is just connecting is not counted.
    /// </summary>
    public int CountBehind() => _devices.Where(device => device.IsConnected && device.SyncedAt is not null).Sum(device =>
        device.Owner.Rooms.Count(room => room.Id is { } id && room.Permanent.Contains(device.Owner) && device.HeldOf(id) < room.HeadBefore));

    /// <summary>Devices that want to be there all the time, have a session, and are not connected or not synced.</summary>
    public int CountThrownOff() => _devices.Count(device => device.Plan.Habit == Habit.Steady && !device.IsLoggedOut && device.SyncedAt is null);

    /// <summary>Nobody says anything new, joins, leaves or goes away; returns when what was said is answered, or at the limit.</summary>
    public async Task FallSilentAsync(TimeSpan limit, CancellationToken cancel)
    {
        _scene.Calm();
        await WithinAsync(
            limit,
            async until =>
            {
                await _memberChurn.SettleAsync(until);
                await _sessionChurn.SettleAsync(until);
                while (_devices.Any(device => device.Waiting > 0)) await Task.Delay(LookEvery, until);
            },
            cancel);
    }

    /// <summary>Every device, also those that were away and those whose session was ended, is connected and holds everything, or the limit has passed.</summary>
    public async Task SyncAllAsync(TimeSpan limit, CancellationToken cancel)
    {
        _scene.Calm();
        await WithinAsync(
            limit,
            async until =>
            {
                await _sessionChurn.SettleAsync(until);
                foreach (var room in _rooms.Where(room => room.Id is not null))
                {
                    var (lastSeq, members) = await LookUpAsync(room, until);
                    var devices = room.Permanent.Concat(room.Floating).Where(person => members.Contains(person.User)).SelectMany(person => person.Devices).ToArray();
                    while (!devices.All(device => device.SyncedAt is not null && device.HeldOf(room.Id!) >= lastSeq)) await Task.Delay(LookEvery, until);
                }
            },
            cancel);
    }

    private void MarkHeads()
    {
        foreach (var room in _rooms) room.MarkHead();
    }

    /// <summary>How far the log is, and who is in it now, as the owner is told.</summary>
    private async Task<(long LastSeq, HashSet<string> Members)> LookUpAsync(Room room, CancellationToken cancel)
    {
        var answer = await AskAsync($"v1/conversations/{room.Id}", room, cancel);
        return (answer.GetProperty("lastSeq").GetInt64(), [.. answer.GetProperty("members").EnumerateArray().Select(member => member.GetString()!)]);
    }

    /// <summary>Until it is answered.</summary>
    private async Task<JsonElement> AskAsync(string path, Room room, CancellationToken cancel)
    {
        while (true)
        {
            if (await _scene.Door.CallAsync(HttpMethod.Get, path, MemberChurn.SessionOf(room.Owner), null, cancel) is { IsDone: true } answer) return answer.Body;
            await Task.Delay(LookEvery, cancel);
        }
    }

    private static async Task WithinAsync(TimeSpan limit, Func<CancellationToken, Task> work, CancellationToken cancel)
    {
        using var until = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        until.CancelAfter(limit);
        try
        {
            await work(until.Token);
        }
        catch (OperationCanceledException) when (!cancel.IsCancellationRequested)
        {
            // At the limit the journal says what is missing.
        }
    }
}
