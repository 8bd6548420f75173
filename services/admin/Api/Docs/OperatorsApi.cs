using Im.Contracts.Accounts;
using Im.Hosting.Docs;
using Im.Protocol;

namespace Im.Admin.Api.Docs;

/// <summary>What the operators' document says as a whole, and what its fields mean.</summary>
internal static class OperatorsApi
{
    public const string Users = "Users", Sessions = "Sessions", Messages = "Messages", Nodes = "Nodes";

    public static ApiDocument Document { get; } = new(
        "admin",
        "Im: server API",
        """
        For operators, and for products with accounts of their own. The contract is `docs/protocol.md`, section 2.

        Bodies are JSON in UTF-8. Fields that a call does not know are refused. Fields without a value are absent. Ids are opaque strings of at most 64
        characters, times are Unix milliseconds. Every refusal is `application/problem+json` with a stable `code`.
        """,
        [
            (Users, "Bringing users in, finding them, disabling them, and where they are connected."),
            (Sessions, "Logging in users whom a product knows by its own means."),
            (Messages, "Messages by a product's server."),
            (Nodes, "The running processes."),
        ],
        ("adminKey", "The key that the setting `Im:Admin:Key` holds. Who has it may do everything here."),
        Fields());

    private static Dictionary<string, Field> Fields() => new(SharedFields.All)
    {
        ["UserWanted.username"] = new(
            "Letters of one script, digits and `. _ -`; a name that exists answers the id that it has.", MinLength: Username.MinLength, MaxLength: Username.MaxLength),
        ["users"] = new("The users, all or none: one bad name refuses the batch.", MaxItems: Answers.MaxBatch),
        ["disabled"] = new("A disabled user cannot log in."),
        ["createdAt"] = SharedFields.Time("When the account was made"),
        ["query"] = new("A part of the user name in any case, or a user id; without it all users.", Sample.BobName, MaxLength: 64),
        ["limit"] = new("Entries at most.", 50, Min: 1, Max: Answers.MaxBatch),
        ["userIds"] = new("User ids; one may come twice and gets two sessions.", MinLength: 1, MaxLength: Limits.IdLength, MaxItems: Answers.MaxBatch),
        ["UserPresence.status"] = new("What others see.", Values: ["online", "away", "busy", "offline"]),
        ["devices"] = new("The devices that are connected now."),
        ["DevicePresence.gateway"] = new("Base address of its gateway."),
        ["since"] = SharedFields.Time("When it connected"),
        ["NewMessage.from"] = SharedFields.Id("User id of the sender; without it the message comes from the reserved user `system`."),
        ["to"] = new("A user or a conversation, exactly one of them."),
        ["MessageTarget.user"] = SharedFields.Id("User id: into the conversation of the two, which begins with its first message."),
        ["MessageTarget.conversation"] = SharedFields.Id("Id of a conversation that the sender is in."),
        ["body"] = new("The text, at most 16 KiB of UTF-8, without U+0000."),
        ["NewMessage.id"] = SharedFields.OwnId("The sender's own id of the message, unique for good. A repeat with the same content is answered as the first time."),
        ["seq"] = new("The place in the conversation.", Min: 1),
        ["messageId"] = SharedFields.Id("The message's id."),
        ["NodeItem.id"] = new("Name of the process and its boot id."),
        ["service"] = new("A service that it runs."),
        ["startedAt"] = SharedFields.Time("When it started"),
        ["connections"] = new("Open WebSockets; gateways only.", Min: 0),
        ["shards"] = new("Numbers of the shards that it orders; message services only.", Min: 0),
        ["version"] = new("Version of the program."),
    };
}
