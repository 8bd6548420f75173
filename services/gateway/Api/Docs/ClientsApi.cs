using Im.Contracts.Accounts;
using Im.Hosting.Docs;
using Im.Protocol;

namespace Im.Gateway.Api.Docs;

/// <summary>What the clients' document says as a whole, and what its fields mean.</summary>
internal static class ClientsApi
{
    public const string Accounts = "Accounts", Sessions = "Sessions", People = "People", Conversations = "Conversations", Socket = "Socket";

    public static ApiDocument Document { get; } = new(
        "clients",
        "Im: client API",
        """
        What clients call on a gateway, besides the WebSocket. The contract is `docs/protocol.md`, section 1.

        Bodies are JSON in UTF-8. Fields that a call does not know are refused; a client ignores fields that it does not know. Fields without a value are
        absent. Ids are opaque strings of at most 64 characters, times are Unix milliseconds, a `seq` counts the messages of one conversation from 1 on.
        Every refusal is `application/problem+json` with a stable `code`.
        """,
        [
            (Accounts, "Registering, and the profiles that users have."),
            (Sessions, "Logging in and out, and where to connect."),
            (People, "Other users, and what stands between them and the user."),
            (Conversations, "The list, the history, and groups. A conversation of others and one that does not exist are the same: 404."),
            (Socket, "Messages, receipts, presence and typing go over one WebSocket."),
        ],
        ("session", "The `sessionId` that logging in has answered."),
        Fields());

    private static Dictionary<string, Field> Fields() => new(SharedFields.All)
    {
        ["NewAccount.username"] = new(
            "Letters of one script, digits and `. _ -`; unique whatever its case.", MinLength: Username.MinLength, MaxLength: Username.MaxLength),
        ["NewAccount.password"] = new("Anything of 8 to 1,024 characters but the user's name and what everybody tries first.", MinLength: 8, MaxLength: 1024),
        ["Credentials.username"] = new("The name as registered, in any case."),
        ["password"] = new("The password."),
        ["old"] = new("The password that holds now."),
        ["new"] = new("The one that holds from now on; the rules are those of registration.", MinLength: 8, MaxLength: 1024),
        ["bio"] = new("Some words about oneself. An empty text removes it.", MaxLength: ProfileRules.MaxBio),
        ["avatarUrl"] = new("Address of a picture, http or https. An empty text removes it.", MaxLength: ProfileRules.MaxAvatarUrl),
        ["current"] = new("True for the session that asks."),
        ["GatewayList.items"] = SharedFields.Url("WebSocket addresses of the gateways, least loaded first."),
        ["limit"] = new("Entries at most.", 50, Min: 1, Max: 200),
        ["after"] = new("The `next` of the page before."),
        ["next"] = new("There is more: ask again with `after`. Absent on the last page."),
        ["afterSeq"] = new("Only messages behind this seq.", 0, Min: 0),
        ["beforeSeq"] = new("Only messages before this seq.", Min: 0),
        ["kind"] = new("Two users, or a group.", Values: ["direct", "group"]),
        ["NewGroup.kind"] = new("A conversation of two is not made: it begins with its first message.", Values: ["group"]),
        ["title"] = new("The group's title; 1 to 100 characters, not all blank, no control characters.", MinLength: 1, MaxLength: 100),
        ["owner"] = SharedFields.Id("User id of the group's owner."),
        ["members"] = SharedFields.Id("User ids in the order of joining. The list names those of pairs only."),
        ["NewGroup.members"] = new("User ids; who asks is a member and the owner.", MinLength: 1, MaxLength: Limits.IdLength, MaxItems: 10_000),
        ["lastSeq"] = new("Seq of the newest message.", Min: 0),
        ["deliveredSeq"] = new("Highest seq that a device of the user has acknowledged.", Min: 0),
        ["readSeq"] = new("Highest seq that the user has read.", Min: 0),
        ["unread"] = new("Messages of others after `readSeq`.", Min: 0),
        ["peer"] = new("How far the other one of a pair has got; absent for groups and for oneself. Where one of the two blocks the other it has no seqs."),
        ["PeerMarks.userId"] = SharedFields.Id("The other one's id."),
        ["PeerMarks.deliveredSeq"] = new("Highest seq that a device of his has acknowledged.", Min: 0),
        ["PeerMarks.readSeq"] = new("Highest seq that he has read.", Min: 0),
        ["lastMessage"] = new("The newest message."),
        ["c"] = SharedFields.Id("The conversation's id."),
        ["seq"] = new("The place in the conversation.", Min: 1),
        ["mid"] = SharedFields.Id("The message's id."),
        ["from"] = SharedFields.Id("User id of the sender."),
        ["id"] = SharedFields.Id("The sender's own id of the message; only the sender is told."),
        ["body"] = new("The content, at most 16 KiB of UTF-8."),
        ["MessageItem.type"] = new("Media type of the content.", MinLength: 1, MaxLength: Limits.TypeLength),
        ["time"] = SharedFields.Time("When it was stored"),
        ["state"] = new(
            "`requested`: the user asked. `pending`: the other one asked. `accepted`: they are contacts.", Values: ["requested", "pending", "accepted"]),
        ["ContactPatch.state"] = new("Accepts the other one's request.", Values: ["accepted"]),
        ["since"] = SharedFields.Time("When it came to that"),
    };
}
