using Im.Hosting.Docs;
using Im.Protocol;

namespace Im.Gateway.Api.Docs;

internal static class ConversationsDocs
{
    private const string Message = $$"""
        {"c":"{{Sample.Direct}}","seq":7,"mid":"{{Sample.Direct}}.7","from":"{{Sample.Bob}}","body":"See you at eight","type":"text/plain","time":1795772400000}
        """;

    private static readonly (int, string)[] OwnersOnly = [(403, Codes.Forbidden), (404, Codes.NotFound)];

    public static readonly Operation List = new(
        "listConversations", ClientsApi.Conversations, "List my conversations", "Newest message first, a page at a time.")
    {
        Answer = Answer.Ok<ConversationsApi.ConversationPage>(
            "A page.",
            $$"""
            {"items":[{"conversationId":"{{Sample.Direct}}","kind":"direct","members":["{{Sample.Alice}}","{{Sample.Bob}}"],
            "lastSeq":7,"deliveredSeq":7,"readSeq":5,"unread":2,"peer":{"userId":"{{Sample.Bob}}","deliveredSeq":7,"readSeq":7},"lastMessage":{{Message}} }]}
            """),
    };

    public static readonly Operation Create = new(
        "createGroup", ClientsApi.Conversations, "Make a group",
        "Who asks becomes its owner. The first message of the group is the one that says who joined. The largest group is a setting of the server.")
    {
        Body = $$"""{"kind":"group","title":"Hiking","members":["{{Sample.Bob}}"]}""",
        Answer = Answer.Created<ConversationsApi.ConversationMade>("The group.", $$"""{"conversationId":"{{Sample.Group}}"}"""),
        Problems = [(404, Codes.NotFound)],
    };

    public static readonly Operation Show = new("getConversation", ClientsApi.Conversations, "Show a conversation", "An entry of the list, with all members.")
    {
        Answer = Answer.Ok<ConversationItem>(
            "The conversation.",
            $$"""
            {"conversationId":"{{Sample.Group}}","kind":"group","title":"Hiking","owner":"{{Sample.Alice}}","members":["{{Sample.Alice}}","{{Sample.Bob}}"],
            "lastSeq":1,"deliveredSeq":1,"readSeq":0,"unread":0,"lastMessage":{"c":"{{Sample.Group}}","seq":1,"mid":"{{Sample.Group}}.1","from":"{{Sample.Alice}}",
            "body":"{\"joined\":[\"{{Sample.Alice}}\",\"{{Sample.Bob}}\"]}","type":"application/vnd.im.member+json","time":1795772400000} }
            """),
        Problems = [(404, Codes.NotFound)],
    };

    public static readonly Operation Rename = new(
        "renameGroup", ClientsApi.Conversations, "Rename a group", "Only its owner may. Members are told by a `conversation` frame.")
    {
        Body = """{"title":"Hiking in May"}""",
        Answer = Answer.NoContent("It has the new title."),
        Problems = OwnersOnly,
    };

    public static readonly Operation AddMember = new(
        "addMember", ClientsApi.Conversations, "Add a member",
        "Only the owner may. The new member sees what comes after. Joining is a message of the conversation. Adding a member changes nothing.")
    {
        Answer = Answer.NoContent("The user is a member."),
        Problems = [(400, Codes.Invalid), .. OwnersOnly],
    };

    public static readonly Operation RemoveMember = new(
        "removeMember", ClientsApi.Conversations, "Remove a member, or leave",
        """
        The owner may remove anybody, everybody himself. Nothing more of the conversation reaches who is removed, not even what he had not fetched. If the
        owner leaves, the oldest member becomes the owner.
        """)
    {
        Answer = Answer.NoContent("The user is no member."),
        Problems = OwnersOnly,
    };

    public static readonly Operation History = new(
        "listMessages", ClientsApi.Conversations, "Read the history",
        "Messages in ascending order of `seq`. With `afterSeq` the first ones behind it, otherwise the last ones, those before `beforeSeq` if it is given.")
    {
        Answer = Answer.Ok<ConversationsApi.MessagePage>("A page of messages.", $$"""{"items":[{{Message}}]}"""),
        Problems = [(404, Codes.NotFound)],
    };
}
