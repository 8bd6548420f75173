using Im.Hosting.Docs;
using Im.Protocol;

namespace Im.Admin.Api.Docs;

internal static class UsersDocs
{
    public static readonly Operation Ensure = new(
        "ensureUsers", OperatorsApi.Users, "Bring users in",
        "Makes accounts without a password, up to 1,000, and answers with their ids in the order asked. A name that exists keeps its account.")
    {
        Body = $$"""{"users":[{"username":"{{Sample.BobName}}","displayName":"Bob"},{"username":"{{Sample.CarolName}}"}]}""",
        Answer = Answer.Ok<UsersApi.UserBatch>(
            "The users.",
            $$"""
            {"items":[{"userId":"{{Sample.Bob}}","username":"{{Sample.BobName}}"},{"userId":"{{Sample.Carol}}","username":"{{Sample.CarolName}}"}]}
            """),
    };

    public static readonly Operation Search = new("searchUsers", OperatorsApi.Users, "Search users", "Users in the order of their names.")
    {
        Answer = Answer.Ok<UsersApi.UserList>(
            "The users.",
            $$"""
            {"items":[{"userId":"{{Sample.Bob}}","username":"{{Sample.BobName}}","displayName":"Bob","disabled":false,"createdAt":1795772400000}]}
            """),
    };

    public static readonly Operation Change = new(
        "changeUser", OperatorsApi.Users, "Disable or enable a user",
        "Disabling ends all sessions of the user, at most 2 s later; messages of his stay. The reserved user `system` cannot be disabled.")
    {
        Body = """{"disabled":true}""",
        Answer = Answer.Ok<UsersApi.UserChanged>("How the user is now.", $$"""{"userId":"{{Sample.Bob}}","disabled":true}"""),
        Problems = [(403, Codes.Forbidden), (404, Codes.NotFound)],
    };

    public static readonly Operation Presence = new(
        "getPresence", OperatorsApi.Users, "Where a user is connected", "The status that others see, and the devices that are connected at this moment.")
    {
        Answer = Answer.Ok<PresenceApi.UserPresence>(
            "The presence.",
            $$"""{"status":"online","devices":[{"deviceId":"{{Sample.Device}}","gateway":"http://127.0.0.1:8080","since":1795772400000}]}"""),
        Problems = [(404, Codes.NotFound)],
    };
}
