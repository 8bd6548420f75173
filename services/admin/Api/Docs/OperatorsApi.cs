using Im.Admin.Journeys;
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
        ["messageId"] = SharedFields.Id("The message's id.", Sample.Message),
        ["NodeItem.id"] = new("Name of the process and its boot id."),
        ["service"] = new("A service that it runs."),
        ["startedAt"] = SharedFields.Time("When it started"),
        ["connections"] = new("Open WebSockets; gateways only.", Min: 0),
        ["shards"] = new("Numbers of the shards that it orders; message services only.", Min: 0),
        ["version"] = new("Version of the program."),
        ["from"] = SharedFields.Id("User id of the sender."),
        ["id"] = SharedFields.Id("The sender's own id of the message; none for messages about members."),
        ["after"] = SharedFields.Id("What `next` said on the page before."),
        ["next"] = SharedFields.Id("There are more members: goes into `after`. Absent on the last page."),
        ["Journey.items"] = new("Members that the message is for, in the order of their ids."),
        ["acceptedAt"] = SharedFields.Time("When the message was accepted"),
        ["count"] = new("Over all pages: members that the message is for, and how many of them acknowledged it."),
        ["JourneyCount.members"] = new("Members that the message is for.", Min: 0),
        ["JourneyCount.acknowledged"] = new("Of these, how many acknowledged it on a device, also on one that has logged out since.", Min: 0),
        ["state"] = new(
            "`acknowledged`: it holds the message. `sent`: a connection that is open now was given it. `waiting`: not given, or given to a connection that ended. "
            + "`removed`: not fetched before the member was removed, and never will be. Of a member the state of the device that is furthest behind.",
            Values: JourneyRules.States),
        ["reason"] = new(
            "`newer_device`: the device is younger than the message and began behind it, or acknowledged it. `by_connection`: it sent the message itself, or its "
            + "acknowledgement is about to be stored. `held_by_client`: it said so when it connected. `not_acknowledged`. `client_does_not_read`: nothing was taken "
            + "from the socket for a second or more. `outbox_full`: too slow, the log is read when there is room. `reading_log`, `replaying`: it is on its way. "
            + "`not_announced`: its envelope is on its way or was lost; reconciliation finds it within half a minute. `no_route`: connected, but the message service "
            + "does not know where; the same. `gateway_silent`: the gateway of the device did not answer. `offline_unacknowledged`: given to a connection that ended "
            + "before it was acknowledged; it comes again. `offline`: not connected. `no_sessions`: the member has logged out everywhere.",
            Values: JourneyRules.Reasons),
        ["JourneyMember.devices"] = new("His devices with a live session."),
        ["JourneyDevice.gateway"] = new("The process that has or had its connection, as on the node board."),
        ["connectedAt"] = SharedFields.Time("When that connection began"),
        ["sentAt"] = SharedFields.Time("When that connection was last given something of the conversation: this message came then or before"),
        ["endedAt"] = SharedFields.Time("When that connection ended; absent while it lives"),
        ["gateways"] = new("Who was asked, and who should have been but is gone from the node board."),
        ["JourneyGateway.id"] = new("As on the node board; the boot id alone where it is gone from it."),
        ["answers"] = new("It answered within two seconds."),
        ["remembersSince"] = SharedFields.Time("Of connections that ended it remembers what was not acknowledged, from then on"),
        ["log"] = new("All of the log, by the last whole round of its check."),
        ["LedgerLog.accepted"] = new("Messages in the log.", Min: 0),
        ["conversations"] = new("Conversations that have messages.", Min: 0),
        ["due"] = new("Messages times the members that they are for, of those who are members now; the sender is one of them.", Min: 0),
        ["LedgerLog.acknowledged"] = new("Of these, the ones that a device of the member acknowledged.", Min: 0),
        ["LedgerLog.waiting"] = new("Of these, the others: mostly for members who are away.", Min: 0),
        ["round"] = new("Rounds of the check since the log began.", Min: 1),
        ["LedgerLog.startedAt"] = SharedFields.Time("When the round began; what was accepted later may be counted or not"),
        ["finishedAt"] = SharedFields.Time("When the round ended"),
        ["gaps"] = new("What the check of the log has found missing and not found again."),
        ["LedgerGaps.count"] = new("How many; 0 is how it should be.", Min: 0),
        ["checkedBy"] = new("The process that checks now; absent where none does."),
        ["LedgerGaps.items"] = new("The ones found last, at most a hundred."),
        ["fromSeq"] = new("The first place that is missing.", Min: 1),
        ["toSeq"] = new("The last one.", Min: 1),
        ["foundAt"] = SharedFields.Time("When the check found it"),
        ["online"] = new("What connected devices wait for."),
        ["asOf"] = SharedFields.Time("When the gateway that reconciled longest ago did so; absent before the first time"),
        ["LedgerOnline.devices"] = new("Connected devices.", Min: 0),
        ["unsent"] = new("Messages of the log that a connection was not given yet, one for each connection.", Min: 0),
        ["unacknowledged"] = new("Messages that a connection was given and its device has not acknowledged.", Min: 0),
        ["oldest"] = new("The message that a connected device waits for longest: not given to it, or not acknowledged."),
        ["LedgerOldest.gateway"] = new("The process that has its connection, as on the node board."),
        ["LedgerOldest.state"] = new("Whether its connection was given the message.", Values: [JourneyRules.Sent, JourneyRules.Waiting]),
        ["running"] = new("What the running processes counted, each since its start."),
        ["LedgerRunning.items"] = new("Gateways and message services."),
        ["LedgerNode.id"] = new("As on the node board."),
        ["accepted"] = new("Messages stored.", Min: 0),
        ["repeats"] = new("Sends that were in the log already: repeated by a client, or brought again by the broker after a fault.", Min: 0),
        ["sent"] = new("Messages given to connections, live and from the log, one for each; to the one that sent a message as its `accepted`.", Min: 0),
    };
}
