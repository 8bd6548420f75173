using Im.Contracts.Accounts;

namespace Im.Hosting.Docs;

/// <summary>Fields that mean the same behind every door. Ids have no pattern: for clients they are opaque.</summary>
public static class SharedFields
{
    private const int IdLength = 64;

    public static Field Id(string description, string? example = null) => new(description, example, MinLength: 1, MaxLength: IdLength);

    /// <summary>An id that the caller draws.</summary>
    public static Field OwnId(string description) => new(description, Pattern: "^[A-Za-z0-9_.:-]+$", MinLength: 1, MaxLength: IdLength);

    public static Field Time(string description) => new($"{description}; Unix milliseconds, UTC.", Min: 0);

    public static Field Url(string description) => new(description, Format: "uri");

    public static IReadOnlyDictionary<string, Field> All { get; } = new Dictionary<string, Field>
    {
        ["userId"] = Id("The user's id.", Sample.Bob),
        ["username"] = new("The name that the user logs in with, as it was typed at registration.", Sample.BobName, MaxLength: Username.MaxLength),
        ["displayName"] = new(
            "The name that others see; 1 to 64 characters, not all blank.", MinLength: 1, MaxLength: ProfileRules.MaxDisplayName),
        ["sessionId"] = Id("The secret of the session: what `Authorization: Bearer` and the frame `hello` carry. It is shown only here."),
        ["sessionKey"] = Id("The name of the session that may be shown.", Sample.SessionKey),
        ["deviceId"] = Id("The id of the device, unique for its user."),
        ["device"] = new("What the device says of itself; without it a new device is made."),
        ["Device.id"] = OwnId("The device's own id; one that the user had before keeps its cursors. Without it a new one is drawn."),
        ["Device.name"] = new("A name for the user to know the device by.", MaxLength: IdLength),
        ["Device.platform"] = new("What the device runs on.", MaxLength: IdLength),
        ["SessionItem.name"] = new("The name that the device gave itself.", MaxLength: IdLength),
        ["SessionItem.platform"] = new("What the device said that it runs on.", MaxLength: IdLength),
        ["expiresAt"] = Time("When the session ends if it is not used; moves with use up to an absolute end"),
        ["gateway"] = Url("The WebSocket address to connect to: the least loaded gateway, or the edge before all of them."),
        ["lastSeenAt"] = Time("When it was last heard of"),
        ["conversationId"] = Id("The conversation's id.", Sample.Group),
        ["items"] = new("The entries."),
        ["missing"] = new("What does not answer: `database`, `broker`, `redis`, `bus`; not told to clients."),
        ["HealthReport.status"] = new("How the process is.", Values: ["live", "ready", "degraded", "starting", "draining"]),
    };
}
