using Im.Hosting.Docs;
using Im.Protocol;

namespace Im.Admin.Api.Docs;

internal static class JourneyDocs
{
    public static readonly Operation Get = new(
        "getJourney", OperatorsApi.Messages, "Where is my message?",
        """
        By `messageId`, or by `from` and `id`: when the message was accepted and at which place, and for each device of each member that it is for whether it was
        sent and acknowledged, or why it waits. Computed from the log, the cursors, the routes and what the gateways remember of their connections; never the body.

        Members come by pages, `limit` at a time in the order of their ids; `next` goes into `after`. `count` is about all of them. A member who joined later, or was
        removed before, is not among them; who was removed and joined again counts from his last joining. Devices are those with a live session.

        All gateways are asked at once and have two seconds. One that did not answer is named in `gateways` with `answers` false; what it holds is `gateway_silent`.
        """)
    {
        Answer = Answer.Ok<JourneyApi.Journey>(
            "The journey so far.",
            $$"""
            {"conversationId":"{{Sample.Direct}}","seq":8,"messageId":"{{Sample.Message}}","from":"{{Sample.Bob}}","id":"0190-1","acceptedAt":1795772400000,
            "count":{"members":2,"acknowledged":1},"items":[{"userId":"{{Sample.Alice}}","state":"sent","devices":[{"deviceId":"{{Sample.Device}}","state":"sent",
            "reason":"not_acknowledged","gateway":"gateway-1-0b7e","connectedAt":1795772300000,"sentAt":1795772400005}]},{"userId":"{{Sample.Bob}}",
            "state":"acknowledged","reason":"no_sessions","devices":[]}],"gateways":[{"id":"gateway-1-0b7e","answers":true,"remembersSince":1795770000000},
            {"id":"gateway-2-91c4","answers":false}]}
            """),
        Problems = [(404, Codes.NotFound)],
    };
}

internal static class LedgerDocs
{
    public static readonly Operation Get = new(
        "getLedger", OperatorsApi.Messages, "The running ledger",
        """
        What was accepted, sent and acknowledged, what waits, and whether anything is missing. Each part says what it covers:

        - `log`: all of the log from its beginning, as the last whole round of its check counted it, between `startedAt` and `finishedAt`. Absent before the first round.
        - `gaps`: places that the log should have and has not. The check goes on all the time, a slice at a time; a gap that is mended goes with the next round.
        - `online`: what connected devices wait for, by the last reconciliation of each gateway; `asOf` is the oldest of them, half a minute ago at most.
        - `running`: counted by the processes that run now, each since its start, about a second ago. What a process counted goes with it.
        """)
    {
        Answer = Answer.Ok<LedgerApi.Ledger>(
            "The ledger.",
            $$"""
            {"log":{"accepted":120400,"conversations":812,"due":361200,"acknowledged":361000,"waiting":200,"round":77,"startedAt":1795772400000,
            "finishedAt":1795772404000},"gaps":{"count":1,"checkedBy":"message-1-5c21","items":[{"conversationId":"{{Sample.Group}}","fromSeq":17,"toSeq":18,
            "foundAt":1795772300000}]},"online":{"asOf":1795772390000,"devices":812,"unsent":0,"unacknowledged":3,"oldest":{"userId":"{{Sample.Alice}}",
            "deviceId":"{{Sample.Device}}","conversationId":"{{Sample.Direct}}","seq":8,"messageId":"{{Sample.Message}}","acceptedAt":1795772388000,"state":"sent",
            "gateway":"gateway-1-0b7e"} },"running":{"accepted":20400,"repeats":12,"sent":61100,"items":[{"id":"gateway-1-0b7e","startedAt":1795770000000,
            "lastSeenAt":1795772410000,"sent":61100,"unsent":0,"unacknowledged":3},{"id":"message-1-5c21","startedAt":1795770000000,"lastSeenAt":1795772410000,
            "accepted":20400,"repeats":12}]} }
            """),
    };
}
