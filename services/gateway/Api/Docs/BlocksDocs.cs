using Im.Hosting.Docs;
using Im.Protocol;

namespace Im.Gateway.Api.Docs;

internal static class BlocksDocs
{
    private static readonly (int, string)[] Refusals = [(400, Codes.Invalid), (403, Codes.Forbidden), (404, Codes.NotFound)];

    public static readonly Operation List = new("listBlocks", ClientsApi.People, "List whom I have blocked", "All of them; the others are not told.")
    {
        Answer = Answer.Ok<BlocksApi.BlockList>(
            "The users.",
            $$"""{"items":[{"userId":"{{Sample.Bob}}","username":"{{Sample.BobName}}","displayName":"Bob","since":1795772400000}]}"""),
    };

    public static readonly Operation Block = new(
        "blockUser", ClientsApi.People, "Block a user",
        """
        Stops messages, typing, contact requests and presence between the two, in both directions; groups and messages of the system are not touched. Once this has answered, no later
        send between the two is accepted. Blocking again changes nothing.
        """)
    {
        Answer = Answer.NoContent("The block is in force."),
        Problems = Refusals,
    };

    public static readonly Operation Unblock = new(
        "unblockUser", ClientsApi.People, "End a block", "What was refused meanwhile is not made up for. Ending a block that is not there changes nothing.")
    {
        Answer = Answer.NoContent("There is no block by this user."),
        Problems = Refusals,
    };
}
