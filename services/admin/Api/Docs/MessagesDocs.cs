using Im.Hosting.Docs;
using Im.Protocol;

namespace Im.Admin.Api.Docs;

internal static class MessagesDocs
{
    public static readonly Operation Send = new(
        "sendMessage", OperatorsApi.Messages, "Send a message",
        """
        As one of the product's users, or as the system, which may write to every user and into every conversation that exists. The answer comes when the
        message is committed. A call without an answer is repeated with the same `id`: the message exists once.
        """)
    {
        Body = $$"""{"from":"{{Sample.Bob}}","to":{"user":"{{Sample.Alice}}"},"body":"Your parcel is on its way","id":"parcel-4711"}""",
        Answer = Answer.Ok<MessagesApi.MessageSent>(
            "It is stored at this place.", $$"""{"conversationId":"{{Sample.Direct}}","seq":8,"messageId":"{{Sample.Direct}}.8"}"""),
        Problems = [(400, Codes.BadText), (403, Codes.Blocked), (403, Codes.Forbidden), (404, Codes.NotFound), (409, Codes.IdReuse), (413, Codes.TooBig)],
    };
}

internal static class NodesDocs
{
    public static readonly Operation List = new(
        "listNodes", OperatorsApi.Nodes, "List the running processes", "An entry for each service of each process, as the processes said of themselves within the last seconds.")
    {
        Answer = Answer.Ok<NodesApi.NodeList>(
            "The board.",
            """
            {"items":[{"id":"gateway-1-0b7e","service":"gateway","startedAt":1795772400000,"lastSeenAt":1795772410000,"connections":812,"version":"0.1.0"},
            {"id":"message-1-5c21","service":"message","startedAt":1795772400000,"lastSeenAt":1795772410000,"shards":[0,2,4],"version":"0.1.0"}]}
            """),
    };
}
