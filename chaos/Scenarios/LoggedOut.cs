using Im.Chaos.Journals;
using Im.Protocol;

namespace Im.Chaos.Scenarios;

/// <summary>Finds devices that were sent away as one whose session has ended although nobody had ended it.</summary>
public static class LoggedOut
{
    /// <summary>
    /// A call about sessions that nobody answered may be carried out late, by a process that was frozen or cut off: so long after the last one a device is accused
    /// of nothing. One of 300 devices has such a call every quarter of an hour.
    /// </summary>
    private static readonly TimeSpan Asked = TimeSpan.FromMinutes(4);

    /// <summary>A line for each of them.</summary>
    public static IEnumerable<string> Among(IEnumerable<DeviceJournal> devices, TimeSpan from)
    {
        foreach (var device in devices)
        {
            TimeSpan? asked = null;
            foreach (var entry in device.Read())
            {
                if (entry is EndsSession or SessionEnded or SessionOpened) asked = entry.At;
                if (entry is not Disconnected { Code: CloseCodes.LogInAgain } || entry.At < from) continue;
                if (asked is null || entry.At - asked > Asked) yield return $"{device} was logged out at {entry.At:mm\\:ss\\.fff}";
            }
        }
    }
}
