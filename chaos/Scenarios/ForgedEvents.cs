using Im.Contracts;

namespace Im.Chaos.Scenarios;

/// <summary>Messages of the bus in the right form, about users, sessions and conversations that do not exist, with values that no service would send.</summary>
internal static class ForgedEvents
{
    private static readonly IReadOnlyDictionary<string, IReadOnlyList<(string Type, string Message)>> OfServices = new Dictionary<string, IReadOnlyList<(string, string)>>
    {
        [Topology.LoginQueue] =
        [
            ("LogIn", """{"username":null,"password":null,"device":null,"address":null}"""),
            ("DisableUser", """{"userId":-1,"disabled":true}"""),
            ("EnsureUsers", """{"users":[{"username":"","displayName":null}]}"""),
        ],
        [Topology.SessionQueue] =
        [
            ("EndSessions", """{"userId":-1,"sessionKey":-9223372036854775808}"""),
            ("SessionsUsed", """{"sessionKeys":[-1,0,9223372036854775807]}"""),
            ("SessionsUsed", """{"sessionKeys":null}"""),
            ("ListSessions", """{"userId":"many"}"""),
        ],
        [Topology.ProfileQueue] =
        [
            ("RequestContact", """{"userId":-1,"other":-1}"""),
            ("AcceptContact", """{"userId":0,"other":9223372036854775807}"""),
            ("ListContacts", """{"userId":1e300}"""),
        ],
        [Topology.PresenceQueue] =
        [
            ("ReportPresence", """{"boot":"nobody","reports":[{"userId":-1,"signal":99,"status":"nonsense","deviceKey":-1}]}"""),
            ("ReportPresence", """{"boot":null,"reports":null}"""),
            ("GetPresence", """{"userIds":null}"""),
        ],
        [Topology.CursorQueue] =
        [
            ("ReportCursors", """{"cursors":null}"""),
            // Of user and device −1, in no conversation, delivered up to the last number and read up to −1; then what is no whole cursor.
            ("ReportCursors", """{"cursors":"/////////////////////wAAAAAAAAAAAAAAAAAAAAD/////////f///////////"}"""),
            ("ReportCursors", """{"cursors":"AAAA"}"""),
        ],
        [Topology.TypingQueue] =
        [
            ("ReportTyping", """{"typed":null}"""),
            ("ReportTyping", """{"typed":[{"userId":-1,"conversation":"ffffffff-ffff-ffff-ffff-ffffffffffff"}]}"""),
        ],
    };

    private static readonly IReadOnlyList<(string, string)> OfGateways =
    [
        ("SessionEnded", """{"sessionKeys":[-1,0,9223372036854775807]}"""),
        ("SessionEnded", """{"sessionKeys":null}"""),
        ("PresenceChanged", """{"states":[{"userId":-1,"status":"nonsense","lastSeen":-1}]}"""),
        ("BlockChanged", """{"userId":-1,"other":0,"isBlocked":true}"""),
        ("ContactChanged", """{"userId":-1,"other":0,"state":"nonsense"}"""),
    ];

    /// <summary>Types and bodies for a queue; for queues of no service those that gateways read.</summary>
    public static IReadOnlyList<(string Type, string Message)> For(string queue) => OfServices.GetValueOrDefault(queue, OfGateways);
}
