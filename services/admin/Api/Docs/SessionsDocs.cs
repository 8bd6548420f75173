using Im.Hosting.Docs;
using Im.Protocol;

namespace Im.Admin.Api.Docs;

internal static class SessionsDocs
{
    public static readonly Operation Open = new(
        "openSession", OperatorsApi.Sessions, "Log a user in",
        "Opens a session as if the user had logged in: a product that has checked him by its own means hands it to his device. The body may be absent.")
    {
        Body = $$"""{"device":{"id":"{{Sample.Device}}","name":"Bob's phone","platform":"ios"} }""",
        Answer = Answer.Created<SessionsApi.Session>(
            "The session.",
            $$"""{"sessionId":"{{Sample.Session}}","userId":"{{Sample.Bob}}","deviceId":"{{Sample.Device}}","expiresAt":1798364400000,"gateway":"{{Sample.Socket}}"}"""),
        Problems = [(403, Codes.Forbidden), (404, Codes.NotFound)],
    };

    public static readonly Operation OpenMany = new(
        "openSessions", OperatorsApi.Sessions, "Log many users in",
        "Up to 1,000 sessions, each for a new device, in the order asked. The users are dealt out to all gateways in turn. All or none.")
    {
        Body = $$"""{"userIds":["{{Sample.Bob}}","{{Sample.Carol}}"]}""",
        Answer = Answer.Ok<SessionsApi.SessionBatch>(
            "The sessions.",
            $$"""
            {"items":[{"userId":"{{Sample.Bob}}","sessionId":"{{Sample.Session}}","gateway":"{{Sample.Socket}}"},
            {"userId":"{{Sample.Carol}}","sessionId":"Zk3TnE0qfB7y_W2oVhRj8sLxPcM5aGd1uIiO9tQwYCA","gateway":"ws://127.0.0.1:8082/v1/ws"}]}
            """),
        Problems = [(403, Codes.Forbidden), (404, Codes.NotFound)],
    };

    public static readonly Operation List = new("listSessions", OperatorsApi.Sessions, "List a user's sessions", "The live sessions, without their secret ids.")
    {
        Answer = Answer.Ok<SessionsApi.SessionList>(
            "The sessions.",
            $$"""
            {"items":[{"sessionKey":"{{Sample.SessionKey}}","deviceId":"{{Sample.Device}}","name":"Bob's phone","platform":"ios","lastSeenAt":1795772400000}]}
            """),
        Problems = [(404, Codes.NotFound)],
    };

    public static readonly Operation EndAll = new(
        "endSessions", OperatorsApi.Sessions, "End all sessions of a user", "His sockets close with 4401, at most 2 s later. He may log in again.")
    {
        Answer = Answer.NoContent("They have ended."),
        Problems = [(404, Codes.NotFound)],
    };
}
